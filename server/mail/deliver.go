package mail

import (
	"context"
	"fmt"
	"time"
)

// look is how often Deliver looks at a mail that another process is sending.
const look = 50 * time.Millisecond

// Deliver sends one queued mail now and returns when it is sent. It fails with a [Failure] when it is not, with ctx's
// error when another process was sending it and ctx ended first, or with the database's error. A mail that expires does
// not stay queued then; any other is tried again by the worker, unless the failure is permanent.
func (o *Outbox) Deliver(ctx context.Context, id string) error {
	for {
		now := o.Now()
		e, err := o.find(ctx, id)
		switch {
		case err != nil:
			return err
		case e == nil:
			return fmt.Errorf("mail: there is no mail %q", id)
		case e.state == StateSent:
			return nil
		case e.state == StateFailed, e.state == StateExpired:
			return &Failure{Word: or(e.word.String, Expired), Permanent: true}
		case e.free(now):
			sealed, ok, err := o.claim(ctx, e, now)
			if err != nil {
				return err
			}
			if ok {
				return errorOf(o.attempt(ctx, e, sealed, true))
			}
		}
		if err := pause(ctx, look); err != nil {
			return err
		}
	}
}

// attempt tries a claimed mail once and notes how it fared.
func (o *Outbox) attempt(ctx context.Context, e *entry, sealed []byte, awaited bool) *Failure {
	f := o.try(ctx, e, sealed)
	now, random := o.Now(), 0.5
	if o.Random != nil {
		random = o.Random()
	}
	v := judge(f, e.tries, now, e.expires, awaited, random)
	log := o.Logger.With("mail", e.id, "kind", e.kind, "tenant", e.tenant, "sender", o.Sender.Name(), "try", e.tries, "state", v.state)
	switch noted, err := o.settle(ctx, e, v, now); {
	case err != nil:
		log.Error("note how a mail fared", "err", err)
	case !noted:
		log.Warn("a mail took longer than its lease")
	case f == nil:
		log.Info("mail sent")
	default:
		log.Warn("mail not sent", "word", f.Word, "code", f.Code, "permanent", f.Permanent)
	}
	return f
}

func (o *Outbox) try(ctx context.Context, e *entry, sealed []byte) *Failure {
	now, within := o.Now(), o.timeout()
	switch {
	case e.over(now):
		return &Failure{Word: Expired, Permanent: true}
	case e.tries > maxTries:
		return &Failure{Word: GivenUp, Permanent: true}
	case e.expires != nil:
		within = min(within, e.expires.Sub(now))
	}
	c, err := openContent(o.Box, e.id, sealed)
	if err != nil {
		return &Failure{Word: Unreadable, Permanent: true}
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return failureOf(o.Sender.Send(ctx, &Envelope{ID: e.id, Tenant: e.tenant, Kind: e.kind, To: e.to,
		Subject: c.Subject, Text: c.Text, HTML: c.HTML, At: e.created}))
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
