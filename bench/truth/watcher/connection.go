package watcher

import (
	"context"
	"errors"
	"time"

	"github.com/rapidbott/tideboard/bench/truth/board"
	"github.com/rapidbott/tideboard/bench/truth/fleet"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// arrival is a frame, or the end of the connection.
type arrival struct {
	frame *board.Frame
	err   error
}

// watch runs one connection to its end. The error is a violation; nil when the watcher should connect again.
func (w *Watcher) watch(ctx context.Context) error {
	socket, err := w.connect(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, socket.Close)
	defer stop()
	capacity := 512 // so that a comparison does not make a fast reader slow
	if w.Kind == Slow {
		capacity = 0
		socket.Before = func() { w.dawdle(ctx) }
	}
	arrivals := make(chan arrival, capacity)
	go func() { // ends with the connection
		for {
			f, err := socket.Frame()
			select {
			case arrivals <- arrival{f, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return w.follow(ctx, arrivals)
}

// connect dials servers until one takes the subscription.
func (w *Watcher) connect(ctx context.Context) (*wire.Socket, error) {
	w.Injector.Reset()
	w.mu.Lock()
	after, resume := w.tracker.Connect()
	w.mu.Unlock()
	var socket *wire.Socket
	err := w.Fleet.Ask(ctx, w.random, w.retried, func(base string) error {
		w.mu.Lock()
		w.server = base
		w.mu.Unlock()
		w.desk.Does("connects to %s, resume %t after %s", base, resume, after)
		var err error
		if socket, err = wire.Watch(ctx, base, w.View.Wire(), after, resume, w.Kind == Slow); err == nil {
			return nil
		}
		if forgivable(err) {
			return &wire.Broken{Err: err}
		}
		return err
	})
	if err != nil {
		return nil, w.violation("refused", "the subscription was refused: "+err.Error())
	}
	w.fresh = 2
	return socket, nil
}

// follow takes frames until the connection ends or is dropped on purpose.
func (w *Watcher) follow(ctx context.Context, arrivals <-chan arrival) error {
	drop := -1
	if w.Kind == Reconnecting {
		drop = 5 + w.random.IntN(120)
	}
	for taken := 0; ; taken++ {
		if taken == drop && !w.Quiet.Load() {
			_ = fleet.Pause(ctx, time.Duration(w.random.IntN(300))*time.Millisecond)
			return nil
		}
		w.desk.Does("waits for a frame")
		select {
		case <-ctx.Done():
			return nil
		case a := <-arrivals:
			if a.err != nil {
				return w.ended(ctx, a.err)
			}
			if err := w.take(ctx, a.frame, arrivals); err != nil {
				return err
			}
		}
	}
}

// ended decides whether the end of a connection is a reason to connect again or a violation.
func (w *Watcher) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	if forgivable(err) {
		return fleet.Pause(ctx, time.Duration(20+w.random.IntN(100))*time.Millisecond)
	}
	return w.violation("stream ended", err.Error())
}

// forgivable tells whether a client should connect again: the network broke, or the server is overloaded or leaves.
func forgivable(err error) bool {
	var closed *wire.Closed
	if errors.As(err, &closed) {
		switch closed.Code {
		case 0, 1001, 1005, 1006, 1012, 1013, 4408, 4429:
			return true
		}
		return false
	}
	return wire.IsBroken(err) || wire.IsOverloaded(err)
}

// dawdle makes a slow watcher late: a little for every frame, now and then for long.
func (w *Watcher) dawdle(ctx context.Context) {
	if w.Quiet.Load() {
		return
	}
	wait := time.Duration(w.random.IntN(40)) * time.Millisecond
	if w.random.IntN(60) == 0 {
		wait = time.Duration(1+w.random.IntN(3)) * time.Second
	}
	for ; wait > 0 && !w.Quiet.Load(); wait -= 100 * time.Millisecond {
		if fleet.Pause(ctx, min(wait, 100*time.Millisecond)) != nil {
			return
		}
	}
}

func (w *Watcher) retried() { w.Court.Counts.Retries.Add(1) }
