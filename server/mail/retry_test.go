package mail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

func TestWhatBecomesOfAMail(t *testing.T) {
	now := newClock().Now()
	in := func(d time.Duration) *time.Time { at := now.Add(d); return &at }
	later, never := &mail.Failure{Word: mail.Deferred}, &mail.Failure{Word: mail.Rejected, Permanent: true}
	for name, c := range map[string]struct {
		failure     *mail.Failure
		tries       int
		expires     *time.Time
		awaited     bool
		state, word string
	}{
		"sent":                             {nil, 1, nil, false, mail.StateSent, ""},
		"sent at the last try":             {nil, 6, in(time.Second), true, mail.StateSent, ""},
		"refused for now":                  {later, 1, nil, false, mail.StateQueued, mail.Deferred},
		"refused for now, awaited":         {later, 1, nil, true, mail.StateQueued, mail.Deferred},
		"refused for now, a code":          {later, 1, in(10 * time.Minute), false, mail.StateQueued, mail.Deferred},
		"refused for now, an awaited code": {later, 1, in(10 * time.Minute), true, mail.StateFailed, mail.Deferred},
		"refused for now, too late":        {later, 1, in(2 * time.Minute), false, mail.StateExpired, mail.Deferred},
		"refused for good":                 {never, 1, nil, false, mail.StateFailed, mail.Rejected},
		"the fifth time":                   {later, 5, nil, false, mail.StateQueued, mail.Deferred},
		"the sixth time":                   {later, 6, nil, false, mail.StateFailed, mail.Deferred},
		"out of time":                      {&mail.Failure{Word: mail.Expired, Permanent: true}, 1, in(0), true, mail.StateExpired, mail.Expired},
	} {
		state, word := mail.Judge(c.failure, c.tries, now, c.expires, c.awaited, 0.5).Outcome()
		require.Equal(t, []string{c.state, c.word}, []string{state, word}, name)
	}
}

// TestTriesAreSpreadAndEndInADay: mails that failed together are not all tried together again.
func TestTriesAreSpreadAndEndInADay(t *testing.T) {
	began := newClock().Now()
	at := map[float64]time.Time{0: began, 0.5: began, 0.999: began}
	for try := 1; try < mail.MaxTries; try++ {
		for random := range at {
			at[random] = mail.Judge(&mail.Failure{Word: mail.Deferred}, try, at[random], nil, false, random).Next()
		}
		require.True(t, at[0].Before(at[0.5]) && at[0.5].Before(at[0.999]), "try %d", try)
	}
	require.Greater(t, at[0].Sub(began), 20*time.Hour)
	require.LessOrEqual(t, at[0.999].Sub(began), 24*time.Hour)
}
