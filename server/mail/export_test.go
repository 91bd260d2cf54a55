package mail

import (
	"context"
	"errors"
	"time"
)

// Judge decides what becomes of a mail after a try.
var Judge = judge

// Outcome gives a decision's state and its word.
func (v verdict) Outcome() (state, word string) { return v.state, v.word }

// Next is when the mail is tried again.
func (v verdict) Next() time.Time { return v.next }

// MaxTries is how often a mail is tried.
var MaxTries = maxTries

// Pass does what the worker does each time it is woken, and returns when all mails have fared somehow.
func (o *Outbox) Pass(ctx context.Context) error {
	w := &worker{Outbox: o, sends: ctx, slots: make(chan struct{}, or(o.Workers, defaultWorkers))}
	err := errors.Join(o.sweep(ctx, o.Now()), w.pass(ctx))
	w.onWay.Wait()
	return err
}

// Abandon takes a mail for a try and does nothing more, as a process that dies.
func (o *Outbox) Abandon(ctx context.Context, id string) (bool, error) {
	e, err := o.find(ctx, id)
	if err != nil {
		return false, err
	}
	_, ok, err := o.claim(ctx, e, o.Now())
	return ok, err
}
