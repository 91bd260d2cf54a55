package main

import (
	"net"
	"net/http"
	"time"

	"github.com/rapidbott/tideboard/server/partner/simulator"
)

// simulate runs a partner with demo data on a port of this machine and has the server ask it. stop ends it.
func simulate(c *config) (stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: simulator.Demo(simulator.Config{Token: c.Partner.Token}), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{}) // never sent to: closed when the listener has ended
	go func() {
		defer close(ended)
		_ = s.Serve(listener) // ends when it is closed
	}()
	c.Partner.BaseURL = "http://" + listener.Addr().String()
	c.Logger.Info("RAPIDBOTT_API_BASE_URL is not set: the partner is simulated", "url", c.Partner.BaseURL)
	return func() {
		_ = s.Close()
		<-ended
	}, nil
}
