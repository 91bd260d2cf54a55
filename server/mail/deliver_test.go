package mail_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

func code(b *bench, to string) mail.Message {
	m, term := message(to), b.clock.Now().Add(10*time.Minute)
	m.Expires = &term
	return m
}

func TestACodeIsDeliveredWhileItsCallerWaits(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, startTLS)
		b := process(t, url, newClock(), office.sender(mail.StartTLS))
		id := b.queue(t, code(b, "ada@receiver.example"))
		require.NoError(t, b.Deliver(t.Context(), id))
		require.Len(t, office.letters(), 1)
		require.Equal(t, fate{State: mail.StateSent, Tries: 1, Next: b.clock.Now(), Sent: true}, b.fate(t, id))
		require.NoError(t, b.Deliver(t.Context(), id))
		b.pass(t)
		require.Len(t, office.letters(), 1)
	})
}

func TestACodeThatIsNotDeliveredDoesNotStayQueued(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		office.refuse = func(string, string) error { return reply(451) }
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		id, notice := b.queue(t, code(b, "ada@receiver.example")), b.queue(t, message("ada@receiver.example"))
		require.Equal(t, mail.Failure{Word: mail.Deferred, Code: 451}, failure(t, b.Deliver(t.Context(), id)))
		require.Equal(t, fate{State: mail.StateFailed, Tries: 1, Next: b.clock.Now(), Word: mail.Deferred}, b.fate(t, id))
		require.Equal(t, mail.Failure{Word: mail.Deferred, Permanent: true}, failure(t, b.Deliver(t.Context(), id)), "it is gone")
		require.Equal(t, mail.Failure{Word: mail.Deferred, Code: 451}, failure(t, b.Deliver(t.Context(), notice)))
		require.Equal(t, mail.StateQueued, b.fate(t, notice).State, "what does not expire is tried again")
		office.refuse = nil
		b.clock.Add(3 * time.Minute)
		b.pass(t)
		require.Len(t, office.letters(), 1)
		require.Equal(t, mail.StateSent, b.fate(t, notice).State)
	})
}

// TestACallerThatGoesLeavesNothingBehind: the mail is settled though the context has ended.
func TestACallerThatGoesLeavesNothingBehind(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		ctx, leave := context.WithCancel(t.Context())
		open := make(chan struct{}) // never sent to: closed at the end
		office.hold = func() { leave(); <-open }
		id := b.queue(t, code(b, "ada@receiver.example"))
		require.Equal(t, mail.Failure{Word: mail.TimedOut}, failure(t, b.Deliver(ctx, id)))
		close(open)
		require.Equal(t, fate{State: mail.StateFailed, Tries: 1, Next: b.clock.Now(), Word: mail.TimedOut}, b.fate(t, id))
	})
}

func TestTwoProcessesSendEachMailOnce(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		const mails = 200
		office, c := newOffice(t, plainOnly), newClock()
		one, two := process(t, url, c, office.sender(mail.NoTLS)), process(t, url, c, office.sender(mail.NoTLS))
		ids := map[string]bool{}
		for i := range mails {
			ids["<"+one.queue(t, message(fmt.Sprintf("m%d@receiver.example", i)))+"@sender.example>"] = true
		}
		var stops []func()
		for _, b := range []*bench{one, two} {
			b.Workers = 8
			stops = append(stops, b.run(t))
		}
		for range mails {
			<-office.seen
		}
		for _, stop := range stops {
			stop()
		}
		one.pass(t)
		require.Len(t, office.letters(), mails)
		for _, l := range office.letters() {
			require.True(t, ids[l.header.Get("Message-Id")])
			delete(ids, l.header.Get("Message-Id"))
		}
		require.Empty(t, ids)
		var sent int
		require.NoError(t, one.DB.QueryRow(t.Context(), "SELECT count(*) FROM mails WHERE state = 'SENT' AND tries = 1 AND length(sealed) = 0").Scan(&sent))
		require.Equal(t, mails, sent)
	})
}

func TestAProcessThatDiesLeavesItsMailToOthers(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office, c := newOffice(t, plainOnly), newClock()
		dead, alive := process(t, url, c, office.sender(mail.NoTLS)), process(t, url, c, office.sender(mail.NoTLS))
		id := dead.queue(t, message("ada@receiver.example"))
		taken, err := dead.Abandon(t.Context(), id)
		require.NoError(t, err)
		require.True(t, taken)
		c.Add(4*alive.Timeout - time.Microsecond)
		alive.pass(t)
		require.Equal(t, mail.StateSending, alive.fate(t, id).State, "the lease holds")
		require.Empty(t, office.letters())
		c.Add(time.Microsecond)
		alive.pass(t)
		require.Equal(t, fate{State: mail.StateSent, Tries: 2, Next: c.Now(), Sent: true}, alive.fate(t, id))
		require.Len(t, office.letters(), 1)

		poison := dead.queue(t, message("bob@receiver.example"))
		for range mail.MaxTries {
			taken, err := dead.Abandon(t.Context(), poison)
			require.NoError(t, err)
			require.True(t, taken)
			c.Add(4 * alive.Timeout)
		}
		alive.pass(t)
		f := alive.fate(t, poison)
		require.Equal(t, []any{mail.StateFailed, mail.GivenUp}, []any{f.State, f.Word}, "what kills its process is not tried for ever")
		require.Len(t, office.letters(), 1)

		late := code(dead, "eve@receiver.example")
		lost := dead.queue(t, late)
		_, err = dead.Abandon(t.Context(), lost)
		require.NoError(t, err)
		c.Add(10 * time.Minute)
		alive.pass(t)
		require.Equal(t, mail.StateExpired, alive.fate(t, lost).State)
		require.Len(t, office.letters(), 1)
	})
}

// TestWhoOutlivesItsLeaseChangesNothing: its mail belongs to another one by then.
func TestWhoOutlivesItsLeaseChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office, c := newOffice(t, plainOnly), newClock()
		slow, quick := process(t, url, c, office.sender(mail.NoTLS)), process(t, url, c, office.sender(mail.NoTLS))
		held, open := make(chan struct{}), make(chan struct{}) // never sent to: closed when it is so
		var mails atomic.Int32
		office.hold = func() {
			if mails.Add(1) == 1 {
				close(held)
				<-open
			}
		}
		id := slow.queue(t, message("ada@receiver.example"))
		result := make(chan error, 1) // takes the one result of Deliver
		go func() { result <- slow.Deliver(t.Context(), id) }()
		<-held
		c.Add(4 * slow.Timeout)
		quick.pass(t)
		want := fate{State: mail.StateSent, Tries: 2, Next: c.Now(), Sent: true}
		require.Equal(t, want, quick.fate(t, id))
		c.Add(time.Minute)
		close(open)
		require.NoError(t, <-result)
		require.Equal(t, want, quick.fate(t, id))
		require.Contains(t, slow.log.String(), "longer than its lease")
		l := office.letters()
		require.Len(t, l, 2)
		require.Equal(t, l[0].header.Get("Message-Id"), l[1].header.Get("Message-Id"), "a receiver can tell")
	})
}

func TestDeliverWaitsForWhoIsSending(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office, c := newOffice(t, plainOnly), newClock()
		one, two := process(t, url, c, office.sender(mail.NoTLS)), process(t, url, c, office.sender(mail.NoTLS))
		held, open := make(chan struct{}), make(chan struct{}) // never sent to: closed when it is so
		office.hold = func() { close(held); <-open }
		id := one.queue(t, code(one, "ada@receiver.example"))
		results := make(chan error, 2) // takes one result of each
		go func() { results <- one.Deliver(t.Context(), id) }()
		<-held
		impatient, leave := context.WithTimeout(t.Context(), time.Millisecond)
		defer leave()
		require.Error(t, two.Deliver(impatient, id), "who cannot wait is not told that it is sent")
		go func() { results <- two.Deliver(t.Context(), id) }()
		close(open)
		require.NoError(t, <-results)
		require.NoError(t, <-results)
		require.Len(t, office.letters(), 1)
	})
}

func TestTheWorkerWakesByItselfAndWhenItIsTold(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office, c := newOffice(t, plainOnly), newClock()
		for name, poll := range map[string]time.Duration{"by itself": time.Millisecond, "told": time.Hour} {
			b := process(t, url, c, office.sender(mail.NoTLS))
			b.Poll = poll
			stop := b.run(t)
			for range 3 {
				id := b.queue(t, message("ada@receiver.example"))
				if name == "told" {
					b.Kick()
					b.Kick()
				}
				assert.Equal(t, "<"+id+"@sender.example>", <-office.seen, name)
			}
			stop()
		}
	})
}

func TestAMailOnItsWayMayArriveWhenTheServerStops(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		for state, grace := range map[string]time.Duration{mail.StateSent: time.Hour, mail.StateQueued: time.Millisecond} {
			office := newOffice(t, plainOnly)
			b := process(t, url, newClock(), office.sender(mail.NoTLS))
			b.Grace = grace
			held, open := make(chan struct{}), make(chan struct{}) // never sent to: closed when it is so
			office.hold = func() { close(held); <-open }
			id := b.queue(t, message("ada@receiver.example"))
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{}) // never sent to: closed at the end
			go func() { defer close(done); b.Run(ctx) }()
			<-held
			cancel()
			if state == mail.StateSent {
				close(open)
				<-done
			} else {
				<-done
				close(open)
			}
			f := b.fate(t, id)
			require.Equal(t, []any{state, 1}, []any{f.State, f.Tries})
			_, err := b.DB.Write.ExecContext(t.Context(), "DELETE FROM mails")
			require.NoError(t, err)
		}
	})
}
