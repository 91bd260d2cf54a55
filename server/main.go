// Command server serves the Tideboard API.
//
//	server serve          serves; the database is brought up to date first
//	server serve --demo   makes a demo workspace when there is none, and tells how to log in; without a partner of its
//	                      own it talks to one that it simulates
//	server mint-embed-token --workspace ID --member ID [--email … --role … --pipelines ID,ID --read-only --term 1m]
//	                      prints an embed token signed with CRM_EMBED_TOKEN_SECRET
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // zones of workspaces, also where the machine has none

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/demo"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tideboard:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "mint-embed-token" {
		return mint(args[1:], os.Stdout, time.Now())
	}
	withDemo := len(args) == 2 && args[1] == "--demo"
	if len(args) > 0 && (args[0] != "serve" || len(args) > 1 && !withDemo) {
		return errors.New("usage: server serve [--demo], or server mint-embed-token --help")
	}
	cfg, err := readConfig()
	if err != nil {
		return err
	}
	if withDemo && cfg.Partner.BaseURL == "" {
		stop, err := simulate(&cfg)
		if err != nil {
			return err
		}
		defer stop()
	}
	a, err := app.New(ctx, cfg.Config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(cfg.host, cfg.port))
	if err != nil {
		return errors.Join(err, a.Close())
	}
	url := "http://" + listener.Addr().String()
	if withDemo {
		if err := demo.Prepare(ctx, a, cfg.VarDir, url, os.Stdout); err != nil {
			return errors.Join(err, listener.Close(), a.Close())
		}
	}
	cfg.Logger.Info("serving", "url", url, "database", a.DB.Dialect)
	return serve(ctx, a, listener)
}

// serve answers until the context ends, then lets requests finish and tells sockets to come back.
func serve(ctx context.Context, a *app.App, listener net.Listener) error {
	s := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 90 * time.Second, IdleTimeout: 120 * time.Second}
	failed := make(chan error, 1) // 1: the listener fails once
	go func() { failed <- s.Serve(listener) }()
	select {
	case err := <-failed:
		return errors.Join(err, a.Close())
	case <-ctx.Done():
	}
	quit, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	return errors.Join(s.Shutdown(quit), a.Close())
}
