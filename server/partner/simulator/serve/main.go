// Command serve runs the partner's simulator with its demo data on a loopback address until it is interrupted:
//
//	go run ./server/partner/simulator/serve -address 127.0.0.1:8090
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rapidbott/tideboard/server/partner/simulator"
)

func main() {
	address := flag.String("address", "127.0.0.1:8090", "host and port to listen on; port 0 takes a free one")
	token := flag.String("token", os.Getenv("RAPIDBOTT_API_TOKEN"), "the token to ask for; empty asks for none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *address, *token); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until the context ends. Answers that hang then are cut off.
func run(ctx context.Context, address, token string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("RAPIDBOTT_API_BASE_URL=http://%s\n", listener.Addr())
	server := &http.Server{Handler: simulator.Demo(simulator.Config{Token: token}), ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
