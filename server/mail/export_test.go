package mail

import (
	"context"
	"errors"
)

// Judge decides what becomes of a mail after a try: its state and when it is tried again.
var Judge = judge

// Outcome gives a decision's state, its word, and its time of the next try.
func (v verdict) Outcome() (state, word string) { return v.state, v.word }

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
