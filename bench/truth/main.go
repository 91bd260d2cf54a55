// Command truth proves, or disproves, that boards stay true: it starts real servers, writes to them at random from many
// sides, watches their boards with many eyes, kills the servers in the middle of it, and holds what every watcher has
// against the server's own answers, against plain SQL, against the change log and against what the writers were told.
//
// It shares no code with the server. It exits 0 when nothing was found, 1 with an account of the first violation, and 2
// when the run itself could not be made or an injected fault went unnoticed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/rapidbott/tideboard/bench/truth/verdict"
)

func main() {
	config, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "truth:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = run(ctx, config)
	stop()
	var violation *verdict.Violation
	switch {
	case errors.As(err, &violation):
		fmt.Println(violation.Error())
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "truth:", err)
		os.Exit(2)
	}
}
