package crm

import (
	"context"

	"github.com/rapidbott/tideboard/server/changelog"
)

// call is how a command was asked for, beside its input.
type call struct {
	// key makes the command safe to repeat; nil when it was not asked for.
	key *idempotencyKey
	// rehearsal has the command rolled back; nil when it is meant.
	rehearsal *Rehearsal
}

type callKey struct{}

func callOf(ctx context.Context) call {
	c, _ := ctx.Value(callKey{}).(call)
	return c
}

// Rehearsal is a command that was run and rolled back.
type Rehearsal struct {
	// Changes are what the log would have been told.
	Changes []*changelog.Change
}

// Rehearse has a command run whole, and rolled back where it would be committed: nothing is stored, no number is used up,
// nobody is told. What it answers is what it would have answered, at the revision before.
func Rehearse(ctx context.Context, r *Rehearsal) context.Context {
	c := callOf(ctx)
	c.rehearsal = r
	return context.WithValue(ctx, callKey{}, c)
}

// RepeatSafely has a command answer as it did the first time when the same caller has given the same key within 24 hours.
// The digest tells inputs apart: the same key for another input is IDEMPOTENCY_MISMATCH.
func RepeatSafely(ctx context.Context, key, digest string) context.Context {
	c := callOf(ctx)
	c.key = &idempotencyKey{key, digest}
	return context.WithValue(ctx, callKey{}, c)
}
