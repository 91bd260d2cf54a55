package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// config is what a run is to be.
type config struct {
	postgres string
	binary   string
	only     []string

	// conns is how many connections put load on either side.
	conns int
	// rounds is how often the two sides take turns, round how long one turn is; asides take fewer turns, half as long.
	rounds int
	round  time.Duration
	asides int
	// moments is how many commits are fanned out, to how many watchers.
	moments, watchers int
	// idle is how many watchers are weighed, still how long the memory must not change, patience how long that may take.
	idle            int
	still, patience time.Duration
}

// parse reads the command line.
func parse(args []string) (config, error) {
	c := config{conns: 16, rounds: 5, round: 2500 * time.Millisecond, asides: 3, moments: 80, watchers: 1000, idle: 2000,
		still: 3 * time.Second, patience: 15 * time.Second}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&c.postgres, "pg", os.Getenv("TEST_POSTGRES_URL"), "a postgres:// URL beside which a fresh database is made")
	flags.StringVar(&c.binary, "server", "", "the server's binary; built when absent")
	only := flags.String("only", "", "parts to run, separated by commas: board, move, fanout, size, memory; all when absent")
	quick := flags.Bool("quick", false, "a rougher look in a fraction of the time")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if *quick {
		c.rounds, c.round, c.asides, c.moments = 3, 800*time.Millisecond, 1, 20
		c.still, c.patience = 500*time.Millisecond, 2*time.Second
	}
	if c.postgres == "" {
		return c, errors.New("a PostgreSQL is needed: set TEST_POSTGRES_URL or -pg, or run tools/postgres.sh with go run ./bench")
	}
	if *only == "" {
		return c, nil
	}
	c.only = strings.Split(*only, ",")
	for _, name := range c.only {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			return c, fmt.Errorf("there is no part %q", name)
		}
	}
	return c, nil
}

// wants tells whether a part is to be run.
func (c config) wants(part string) bool { return len(c.only) == 0 || slices.Contains(c.only, part) }
