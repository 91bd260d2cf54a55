package fleet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// patience is how long a read may go unanswered over all servers, kills and restarts included.
const patience = 90 * time.Second

// Ask carries out a read at a server that is up, and again at another one while connections break or servers are
// overloaded. retried is called for each time anew.
func (f *Fleet) Ask(ctx context.Context, random *rand.Rand, retried func(), read func(base string) error) error {
	deadline := time.Now().Add(patience)
	for {
		err := read(f.Pick(random))
		if err == nil || ctx.Err() != nil || !(wire.IsBroken(err) || wire.IsOverloaded(err)) {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no answer within %s: %w", patience, err)
		}
		retried()
		if err := Pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// Pause waits, or gives the reason why there is no more to wait for.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
