package mail

import (
	"context"
	"sync"
	"time"
)

// Run sends what is queued, by any process, until ctx ends. Mails on their way then have Grace to arrive; what does not is
// tried again later. It returns when nothing is on its way any more.
func (o *Outbox) Run(ctx context.Context) {
	sends, cut := context.WithCancel(context.WithoutCancel(ctx))
	w := &worker{Outbox: o, sends: sends, slots: make(chan struct{}, or(o.Workers, defaultWorkers))}
	defer func() {
		timer := time.AfterFunc(or(o.Grace, defaultGrace), cut)
		w.onWay.Wait()
		timer.Stop()
		cut()
	}()
	tick := time.NewTicker(or(o.Poll, defaultPoll))
	defer tick.Stop()
	var swept time.Time
	for {
		if now := o.Now(); now.Sub(swept) >= sweepEvery {
			swept = now
			w.report(ctx, "sweep old mails", o.sweep(ctx, now))
		}
		w.report(ctx, "send mails", w.pass(ctx))
		select {
		case <-ctx.Done():
			return
		case <-o.ring():
		case <-tick.C:
		}
	}
}

// worker is one Run of an outbox.
type worker struct {
	*Outbox
	sends context.Context
	slots chan struct{} // holds one for each mail on its way
	onWay sync.WaitGroup
}

// pass starts sending everything that is due. It ends when nothing is, or when others have taken it.
func (w *worker) pass(ctx context.Context) error {
	for {
		list, err := w.due(ctx, w.Now())
		if err != nil {
			return err
		}
		moved := false
		for i := range list {
			ok, err := w.start(ctx, &list[i])
			if err != nil {
				return err
			}
			moved = moved || ok
		}
		if !moved {
			return nil
		}
	}
}

// start sends a mail beside the others, or lets it expire, and tells whether it was still there to be taken.
func (w *worker) start(ctx context.Context, e *entry) (bool, error) {
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case w.slots <- struct{}{}:
	}
	now := w.Now()
	if e.over(now) {
		<-w.slots
		return w.settle(ctx, e, verdict{state: StateExpired, word: Expired}, now)
	}
	sealed, ok, err := w.claim(ctx, e, now)
	if !ok {
		<-w.slots
		return false, err
	}
	w.onWay.Go(func() {
		defer func() { <-w.slots }()
		w.attempt(w.sends, e, sealed, false)
	})
	return true, nil
}

func (w *worker) report(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		w.Logger.Error(what, "err", err)
	}
}
