// Command peer is what Tideboard is measured against: the least that a program could do that gives the same answers. It
// has no schema, no credentials, no permissions, no history of its own and no errors to tell apart, and so costs less
// than any real server could:
//
//	POST /board      one SQL statement builds the whole answer as JSON, which is passed on as it comes
//	POST /record     the same for one card
//	POST /move       the statements that moving a card takes, one after the other, in one transaction
//	GET  /socket     a websocket that is only ever written to
//	POST /broadcast  writes the body to every socket in a loop
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	_ "github.com/lib/pq" // the driver "postgres"
)

// conns is as many connections to PostgreSQL as the server under test keeps.
const conns = 24

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	url := flag.String("pg", "", "the postgres:// URL of the server's own database")
	workspace := flag.String("workspace", "", "the id of the workspace")
	listen := flag.String("listen", "127.0.0.1:0", "host:port")
	flag.Parse()
	if err := run(ctx, *url, *workspace, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, url, workspace, listen string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	if err := handleReads(ctx, mux, db, workspace); err != nil {
		return err
	}
	if err := handleMoves(ctx, mux, db, workspace); err != nil {
		return err
	}
	handleSockets(mux)
	server := &http.Server{Addr: listen, Handler: mux}
	go func() { // ends with the process
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
