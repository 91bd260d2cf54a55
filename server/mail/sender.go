package mail

import (
	"context"
	"time"
)

// PartnerMail is a mail as the partner's system mail takes it. Key stays the same when the mail is tried again.
type PartnerMail struct{ To, Subject, Text, HTML, Key string }

// Partner sends by the partner's system mail. An error that has a method Permanent() bool is asked whether another try is
// of use; of any other it is assumed.
type Partner func(ctx context.Context, m PartnerMail) error

// Name is "partner".
func (Partner) Name() string { return "partner" }

// Send gives the mail to the partner, with its id as key.
func (p Partner) Send(ctx context.Context, e *Envelope) error {
	return errorOf(failureOf(p(ctx, PartnerMail{To: e.To, Subject: e.Subject, Text: e.Text, HTML: e.HTML, Key: e.ID})))
}

// First gives mails to one sender, and to the other one what the first does not take. The first gets half of the time. A
// mail that the first took without saying so in time may arrive twice.
func First(one, other Sender) Sender { return &first{one, other} }

type first struct{ one, other Sender }

func (s *first) Name() string { return s.one.Name() + ", " + s.other.Name() }

// Send fails with the other sender's failure; it is permanent only when both are.
func (s *first) Send(ctx context.Context, e *Envelope) error {
	half, cancel := ctx, context.CancelFunc(func() {})
	if until, ok := ctx.Deadline(); ok {
		half, cancel = context.WithTimeout(ctx, time.Until(until)/2)
	}
	one := failureOf(s.one.Send(half, e))
	cancel()
	if one == nil || ctx.Err() != nil {
		return errorOf(one)
	}
	other := failureOf(s.other.Send(ctx, e))
	if other == nil {
		return nil
	}
	return &Failure{Word: other.Word, Code: other.Code, Permanent: one.Permanent && other.Permanent}
}

// errorOf keeps a nil failure from becoming an error that is not nil.
func errorOf(f *Failure) error {
	if f == nil {
		return nil
	}
	return f
}
