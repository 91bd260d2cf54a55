package mail_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

// permanent is an error as the partner's client may have it.
type permanent bool

func (p permanent) Error() string   { return "said about " + textCanary }
func (p permanent) Permanent() bool { return bool(p) }

func says(err error) mail.Partner {
	return func(context.Context, mail.PartnerMail) error { return err }
}

func TestThePartnerIsGivenTheMailWithItsKey(t *testing.T) {
	var got mail.PartnerMail
	p := mail.Partner(func(_ context.Context, m mail.PartnerMail) error { got = m; return nil })
	e := envelope("ada@receiver.example")
	require.NoError(t, p.Send(t.Context(), e))
	require.Equal(t, mail.PartnerMail{To: e.To, Subject: e.Subject, Text: e.Text, HTML: e.HTML, Key: e.ID}, got)

	for err, want := range map[error]mail.Failure{
		permanent(true):                               {Word: mail.Rejected, Permanent: true},
		permanent(false):                              {Word: mail.Deferred},
		errors.New(textCanary):                        {Word: mail.Deferred},
		context.DeadlineExceeded:                      {Word: mail.TimedOut},
		&mail.Failure{Word: mail.Rejected, Code: 550}: {Word: mail.Rejected, Code: 550},
	} {
		require.Equal(t, want, failure(t, says(err).Send(t.Context(), e)))
	}
}

func TestTheSecondSenderTakesWhatTheFirstDoesNot(t *testing.T) {
	e := envelope("ada@receiver.example")
	office := newOffice(t, plainOnly)
	smtp := office.sender(mail.NoTLS)
	require.Equal(t, "partner, smtp", mail.First(says(nil), smtp).Name())

	require.NoError(t, mail.First(says(nil), smtp).Send(t.Context(), e))
	require.Empty(t, office.letters(), "the first took it")
	for i, err := range []error{permanent(true), permanent(false)} {
		require.NoError(t, mail.First(says(err), smtp).Send(t.Context(), e))
		require.Len(t, office.letters(), i+1)
	}
	for _, c := range []struct {
		one, other, both bool
	}{{true, true, true}, {true, false, false}, {false, true, false}, {false, false, false}} {
		err := mail.First(says(permanent(c.one)), says(permanent(c.other))).Send(t.Context(), e)
		require.Equal(t, c.both, failure(t, err).Permanent, "%v", c)
	}
}

func TestTheFirstSenderLeavesTimeForTheSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		hangs := mail.Partner(func(ctx context.Context, _ mail.PartnerMail) error { <-ctx.Done(); return ctx.Err() })
		var left time.Duration
		takes := mail.Partner(func(ctx context.Context, _ mail.PartnerMail) error {
			until, _ := ctx.Deadline()
			left = time.Until(until)
			return nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		require.NoError(t, mail.First(hangs, takes).Send(ctx, envelope("ada@receiver.example")))
		require.Equal(t, 15*time.Second, time.Since(began))
		require.Equal(t, 15*time.Second, left)

		gone, leave := context.WithCancel(t.Context())
		leave()
		require.Equal(t, mail.Failure{Word: mail.TimedOut}, failure(t, mail.First(hangs, says(nil)).Send(gone, envelope("ada@receiver.example"))))
	})
}
