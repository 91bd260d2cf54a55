package access_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// TestLimitsHold: over restarts, on several servers, for everybody at once; and not a moment longer than they say.
func TestLimitsHold(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "").status)
		d.clock.Pass(59 * time.Second)
		r := d.request(t, "10.0.0.2", "acme", "")
		require.Equal(t, 429, r.status)
		require.Equal(t, 1, r.Error.RetryAfter)
		require.Equal(t, "1", r.header.Get("Retry-After"))

		d.Stop(t)
		d = d.beside(t)
		require.Equal(t, 429, d.request(t, "10.0.0.2", "acme", "").status, "a restart forgets a limit")
		other := d.beside(t)
		require.Equal(t, 429, other.request(t, "10.0.0.2", "acme", "").status, "another server has limits of its own")
		d.clock.Pass(time.Second)
		for i := range 4 {
			require.Equal(t, 200, d.request(t, "10.0.0.2", "acme", "").status, i)
			d.clock.Pass(time.Minute)
		}
		r = d.request(t, "10.0.0.2", "acme", "")
		require.Equal(t, 429, r.status, "five within the hour")
		require.Equal(t, 55*60, r.Error.RetryAfter)
		require.Equal(t, 429, other.request(t, "10.0.0.3", "acme", "ben@acme.example.com").status, "the hour is the workspace's")
		d.partner.Eligible("other")
		require.Equal(t, 200, d.request(t, "10.0.0.3", "other", "").status, "and nobody else's")
		d.clock.Pass(55 * time.Minute)
		require.Equal(t, 200, d.request(t, "10.0.0.2", "acme", "").status)
		for _, column := range []string{"name", "subject"} {
			require.Zero(t, d.count(t, "SELECT count(*) FROM limits WHERE "+column+" LIKE ? OR "+column+" LIKE ?", "%10.0.0%", "%acme%"), "an address is stored")
		}
		d.clock.Pass(2 * time.Hour)
		require.NoError(t, access.Sweep(t.Context(), d.DB, d.clock.Now()))
		require.Zero(t, d.count(t, "SELECT count(*) FROM limits"))
	})
}

// TestTriesAreCountedTogether: ten a minute, however many come at once on two servers.
func TestTriesAreCountedTogether(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		servers := []*desk{d, d.beside(t)}
		var all sync.WaitGroup
		var tried, limited atomic.Int64
		for i := range 100 {
			all.Go(func() {
				_, err := servers[i%2].Logins.VerifyCode(asked(context.Background(), "10.0.0.1"), access.CodeEntry{WorkspaceID: "acme", Code: "000000"})
				switch {
				case fault.Is(err, fault.OTPInvalid):
					tried.Add(1)
				case fault.Is(err, fault.RateLimited):
					limited.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 10, tried.Load())
		require.EqualValues(t, 90, limited.Load())
	})
}
