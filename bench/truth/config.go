package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/stream"
)

// config is what a run is to be.
type config struct {
	mode     string
	server   string
	postgres string
	commits  int
	writers  int
	watchers int
	kills    int
	every    int
	seed     uint64
	fault    stream.Fault
	dir      string
}

// parse reads the command line.
func parse(args []string) (config, error) {
	var c config
	var fault string
	flags := flag.NewFlagSet("truth", flag.ContinueOnError)
	flags.StringVar(&c.mode, "mode", "sqlite", "the database and the number of servers on it: sqlite, pg or pg2")
	flags.StringVar(&c.server, "server", "", "the server binary")
	flags.StringVar(&c.postgres, "pg", os.Getenv("TEST_POSTGRES_URL"), "a postgres:// URL beside which a fresh database is made")
	flags.IntVar(&c.commits, "commits", 10000, "acknowledged commits until the run ends")
	flags.IntVar(&c.writers, "writers", 8, "writers")
	flags.IntVar(&c.watchers, "watchers", 60, "watchers")
	flags.IntVar(&c.kills, "kills", 3, "servers killed while writing, one after the other")
	flags.IntVar(&c.every, "every", 50, "frames between two comparisons of a watcher")
	flags.Uint64Var(&c.seed, "seed", uint64(time.Now().UnixNano()), "seed of everything random in the checker")
	flags.StringVar(&fault, "fault", "none", "break one watcher's stream on purpose: none, drop, double or reorder")
	flags.StringVar(&c.dir, "dir", "", "directory for databases and logs, kept; a temporary one, kept after a violation, when absent")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	var err error
	if c.fault, err = stream.ParseFault(fault); err != nil {
		return c, err
	}
	switch c.mode {
	case "sqlite":
	case "pg", "pg2":
		if c.postgres == "" {
			return c, fmt.Errorf("mode %s needs -pg or TEST_POSTGRES_URL", c.mode)
		}
	default:
		return c, fmt.Errorf("unknown mode %q: sqlite, pg or pg2", c.mode)
	}
	if c.server == "" {
		return c, errors.New("-server is missing: the path of the server binary")
	}
	if c.commits < 1 || c.writers < 1 || c.watchers < 1 || c.every < 1 || c.kills < 0 {
		return c, errors.New("commits, writers, watchers and every must be at least 1, kills at least 0")
	}
	if c.server, err = filepath.Abs(c.server); err != nil {
		return c, fmt.Errorf("-server: %w", err)
	}
	return c, nil
}

// servers is how many servers run at a time.
func (c config) servers() int {
	if c.mode == "pg2" {
		return 2
	}
	return 1
}
