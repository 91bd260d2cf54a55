package mail_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/store"
)

func TestAMailIsQueuedWithWhatItTellsAbout(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		tx, err := b.DB.Write.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		id, err := b.Enqueue(t.Context(), tx, message("ada@receiver.example"))
		require.NoError(t, err)
		require.NoError(t, tx.Rollback())
		b.pass(t)
		require.Empty(t, dump(t, b.DB))
		require.Error(t, b.Deliver(t.Context(), id), "there is none")
		require.Empty(t, office.letters())

		sent := b.queue(t, message("ada@receiver.example"))
		require.Equal(t, mail.StateQueued, b.fate(t, sent).State)
		b.pass(t)
		require.Equal(t, fate{State: mail.StateSent, Tries: 1, Next: b.clock.Now(), Sent: true}, b.fate(t, sent))
		b.pass(t)
		require.Len(t, office.letters(), 1)
		require.Contains(t, office.letters()[0].body, textCanary)
		require.NoError(t, b.Deliver(t.Context(), sent), "it is sent")
	})
}

func TestADumpNeverShowsWhatAMailSays(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		see := func(when string) {
			text := dump(t, b.DB) + b.log.String()
			if path, ok := strings.CutPrefix(url, "file:"); ok && b.DB.Dialect == store.SQLite {
				for _, suffix := range []string{"", "-wal"} {
					raw, err := os.ReadFile(path + suffix)
					require.NoError(t, err)
					text += string(raw)
				}
			}
			require.Contains(t, text, "@receiver.example")
			for _, canary := range []string{subjectCanary, textCanary, "482913", htmlCanary} {
				require.NotContains(t, text, canary, when)
			}
		}
		soon := b.clock.Now().Add(time.Minute)
		late := message("late@receiver.example")
		late.Expires = &soon
		ids := map[string]string{mail.StateSent: b.queue(t, message("ada@receiver.example")), mail.StateFailed: b.queue(t, message("bad@receiver.example"))}
		office.refuse = func(step, to string) error {
			if step == "rcpt" && to == "bad@receiver.example" {
				return reply(550)
			}
			return nil
		}
		ids[mail.StateExpired] = b.queue(t, late)
		see("queued")
		for _, id := range ids {
			require.Greater(t, b.fate(t, id).Sealed, len(textCanary))
		}
		b.clock.Add(time.Minute)
		b.pass(t)
		see("done")
		for state, id := range ids {
			f := b.fate(t, id)
			require.Equal(t, state, f.State)
			require.Zero(t, f.Sealed, "%s: what it said is gone at once", state)
		}
		require.Equal(t, mail.Rejected, b.fate(t, ids[mail.StateFailed]).Word)
		require.Contains(t, b.log.String(), "word=rejected code=550")
		require.Len(t, office.letters(), 1)
	})
}

func TestWhatMayPassIsTriedFiveTimesMoreIn24Hours(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		office.refuse = func(string, string) error { return reply(451) }
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		id, began := b.queue(t, message("ada@receiver.example")), b.clock.Now()
		var gap time.Duration
		for try := 1; try < mail.MaxTries; try++ {
			b.pass(t)
			f := b.fate(t, id)
			require.Equal(t, []any{mail.StateQueued, try, mail.Deferred}, []any{f.State, f.Tries, f.Word})
			wait := f.Next.Sub(b.clock.Now())
			require.Greater(t, wait, gap, "each wait is longer than the one before")
			gap = wait
			b.clock.Add(wait - time.Microsecond)
			b.pass(t)
			require.Equal(t, try, b.fate(t, id).Tries, "not before its time")
			b.clock.Add(time.Microsecond)
		}
		require.Equal(t, 6, mail.MaxTries)
		b.pass(t)
		require.Equal(t, fate{State: mail.StateFailed, Tries: 6, Next: b.clock.Now(), Word: mail.Deferred}, b.fate(t, id))
		took := b.clock.Now().Sub(began)
		require.True(t, took > 22*time.Hour && took <= 24*time.Hour, "%s", took)
	})
}

func TestAMailThatFailedOnceIsSentLater(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office, down := newOffice(t, plainOnly), true
		office.refuse = func(string, string) error {
			if down {
				return reply(421)
			}
			return nil
		}
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		id := b.queue(t, message("ada@receiver.example"))
		b.pass(t)
		down = false
		b.clock.Add(time.Hour)
		b.pass(t)
		require.Equal(t, fate{State: mail.StateSent, Tries: 2, Next: b.clock.Now(), Sent: true}, b.fate(t, id))
		require.Len(t, office.letters(), 1)
	})
}

func TestACodeIsNeverSentPastItsTerm(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		office.refuse = func(string, string) error { return reply(451) }
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		m := message("ada@receiver.example")
		term := b.clock.Now().Add(10 * time.Minute)
		m.Expires = &term
		id := b.queue(t, m)
		b.pass(t)
		require.Equal(t, mail.StateQueued, b.fate(t, id).State, "two minutes are left for another try")
		b.clock.Add(3 * time.Minute)
		b.pass(t)
		require.Equal(t, fate{State: mail.StateExpired, Tries: 2, Next: b.clock.Now(), Word: mail.Deferred}, b.fate(t, id),
			"the next try would come too late")

		office.refuse = nil
		waits := b.queue(t, m)
		b.clock.Add(7 * time.Minute)
		require.Equal(t, mail.Failure{Word: mail.Expired, Permanent: true}, failure(t, b.Deliver(t.Context(), waits)))
		require.Equal(t, fate{State: mail.StateExpired, Tries: 1, Next: b.clock.Now(), Word: mail.Expired}, b.fate(t, waits))
		require.Empty(t, office.letters())
		_, err := b.Enqueue(t.Context(), b.DB.Write, m)
		require.ErrorContains(t, err, "expires")
	})
}

func TestRowsGoAfter30Days(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		b := process(t, url, newClock(), newOffice(t, plainOnly).sender(mail.NoTLS))
		old := b.queue(t, message("ada@receiver.example"))
		b.pass(t)
		b.clock.Add(24 * time.Hour)
		young := b.queue(t, message("bob@receiver.example"))
		b.pass(t)
		b.clock.Add(29*24*time.Hour + time.Second)
		b.pass(t)
		text := dump(t, b.DB)
		require.NotContains(t, text, old)
		require.Contains(t, text, young)
	})
}

func TestAMailSealedWithAnotherKeyFailsForGood(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		id := b.queue(t, message("ada@receiver.example"))
		b.Box = box(t, 8)
		b.pass(t)
		require.Equal(t, fate{State: mail.StateFailed, Tries: 1, Next: b.clock.Now(), Word: mail.Unreadable}, b.fate(t, id))
		require.Empty(t, office.letters())
	})
}

func TestRealSendersEmptyWhatTheMailboxKept(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		c := newClock()
		b := process(t, url, c, nil)
		b.Sender = &mail.Mailbox{DB: b.DB, Box: b.Box}
		id := b.queue(t, message("ada@receiver.example"))
		b.pass(t)
		require.NotZero(t, b.fate(t, id).Sealed)
		real := process(t, url, c, newOffice(t, plainOnly).sender(mail.NoTLS))
		waits := real.queue(t, message("bob@receiver.example"))
		require.NotZero(t, real.fate(t, waits).Sealed)
		real.pass(t)
		require.Zero(t, real.fate(t, id).Sealed)
		require.Equal(t, mail.StateSent, real.fate(t, waits).State)
	})
}

func TestManyMailsOfOneCommitAllArrive(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		office := newOffice(t, plainOnly)
		b := process(t, url, newClock(), office.sender(mail.NoTLS))
		tx, err := b.DB.Write.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		for i := range 150 { // more than are looked up at a time
			_, err := b.Enqueue(t.Context(), tx, message(fmt.Sprintf("m%d@receiver.example", i)))
			require.NoError(t, err)
		}
		require.NoError(t, tx.Commit())
		b.pass(t)
		to := map[string]bool{}
		for _, l := range office.letters() {
			to[l.to] = true
		}
		require.Len(t, to, 150)
		require.Len(t, office.letters(), 150)
	})
}
