package access_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/servertest"
)

func withIP(ctx context.Context, ip string) context.Context { return gql.WithClientIP(ctx, ip) }

// TestACodeLetsInOnce walks through the ways a code can be no good; all of them look the same.
func TestACodeLetsInOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		var refused []string
		bad := func(why, code string) {
			t.Helper()
			r := d.verify(t, "10.0.0.1", "acme", "", code)
			assert.Equal(t, 401, r.status, why)
			assert.Equal(t, "OTP_INVALID", r.Error.Code, why)
			r.text = requestID.ReplaceAllString(r.text, "")
			refused = append(refused, r.text)
			d.clock.Pass(10 * time.Second) // the limit of tries is another test's
		}
		bad("before any was sent", "123456")
		sent := d.request(t, "10.0.0.1", "acme", "")
		require.Equal(t, 200, sent.status, sent.text)
		require.Equal(t, "o***@a***.com", sent.Target)
		first := d.code(t, "owner@acme.example.com")
		bad("wrong", wrong(first))
		bad("no code at all", "")
		bad("too long", first+"0")
		bad("another's", "٠١٢٣٤٥")
		d.clock.Pass(time.Minute)
		require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "").status)
		second := d.code(t, "owner@acme.example.com", first)
		bad("superseded", first)
		r := d.verify(t, "10.0.0.1", "acme", "", second)
		require.Equal(t, 200, r.status, r.text)
		require.Equal(t, "OWNER", r.Role)
		bad("used", second)

		d.clock.Pass(time.Minute)
		require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "").status)
		third := d.code(t, "owner@acme.example.com", first, second)
		d.clock.Pass(10 * time.Minute)
		bad("expired", third)
		d.clock.Pass(time.Minute)
		require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "").status)
		fourth := d.code(t, "owner@acme.example.com", first, second, third)
		for range 5 {
			bad("wrong again", wrong(fourth))
		}
		bad("burned", fourth)
		for _, text := range refused {
			assert.Equal(t, refused[0], text, "the refusals tell each other apart")
		}
		var texts string
		for _, c := range []string{first, second, third, fourth} {
			texts += fmt.Sprint(d.count(t, "SELECT count(*) FROM login_codes WHERE id LIKE ? OR email LIKE ?", "%"+c+"%", "%"+c+"%"))
		}
		require.Equal(t, "0000", texts, "a code is stored")
		require.Zero(t, d.count(t, "SELECT count(*) FROM login_codes WHERE email LIKE ?", "%acme%"), "an address is stored")
		require.NotZero(t, d.count(t, "SELECT count(*) FROM audit_log WHERE action = ?", "login.failed"))
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM audit_log WHERE action = ?", "login.succeeded"))
	})
}

// TestNoCodeIsGuessed: of a thousand guesses at once, whoever they come from and on whichever server, five are compared.
func TestNoCodeIsGuessed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "").status)
		right := d.code(t, "owner@acme.example.com")
		servers := []*desk{d}
		if dialect == servertest.Dialects[1] {
			servers = append(servers, d.beside(t))
		}
		const guesses = 1000
		var all sync.WaitGroup
		var refused, other atomic.Int64
		for i := range guesses {
			s := servers[i%len(servers)]
			all.Go(func() {
				ctx := asked(context.Background(), fmt.Sprintf("10.1.%d.%d", i/250, i%250))
				guess := fmt.Sprintf("%06d", (atoi(right)+1+i)%1_000_000) // never the right one
				switch _, err := s.Logins.VerifyCode(ctx, access.CodeEntry{WorkspaceID: "acme", Code: guess}); {
				case fault.Is(err, fault.OTPInvalid):
					refused.Add(1)
				default:
					other.Add(1)
					t.Errorf("guess %d: %v", i, err)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, guesses, refused.Load())
		require.Equal(t, 5, d.count(t, "SELECT max(tries) FROM login_codes"))
		require.Equal(t, "OTP_INVALID", d.verify(t, "10.0.0.2", "acme", "", right).Error.Code, "a burned code is good")
	})
}

// TestARightCodeLetsOneIn: many who know it at once make one session.
func TestARightCodeLetsOneIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "").status)
		right := d.code(t, "owner@acme.example.com")
		var all sync.WaitGroup
		var in atomic.Int64
		for i := range 20 {
			all.Go(func() {
				_, err := d.Logins.VerifyCode(asked(context.Background(), fmt.Sprintf("10.1.1.%d", i)), access.CodeEntry{WorkspaceID: "acme", Code: right})
				if err == nil {
					in.Add(1)
				} else if !fault.Is(err, fault.OTPInvalid) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 1, in.Load())
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM sessions"))
	})
}

// TestAddressesDoNotLeak: whose address it is shows neither in the answer nor in what it costs.
func TestAddressesDoNotLeak(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		d.login(t, "acme")
		d.clock.Pass(2 * time.Hour)
		before := d.count(t, "SELECT count(*) FROM mails")
		asks := map[string]reply{}
		for i, email := range []string{"ben@acme.example.com", "bob@acme.example.com", "gil@acme.example.com"} {
			r := d.request(t, fmt.Sprintf("10.0.0.%d", i), "acme", email)
			require.Equal(t, 200, r.status, r.text)
			again := d.request(t, fmt.Sprintf("10.0.1.%d", i), "acme", email)
			require.Equal(t, "RATE_LIMITED", again.Error.Code)
			require.Equal(t, 60, again.Error.RetryAfter)
			asks[email] = r
		}
		require.Equal(t, asks["ben@acme.example.com"].text, asks["bob@acme.example.com"].text)
		require.Equal(t, "b***@a***.com", asks["bob@acme.example.com"].Target)
		require.Equal(t, before+1, d.count(t, "SELECT count(*) FROM mails"), "a mail to nobody, or to one who left")
		require.Equal(t, 3, d.count(t, "SELECT count(*) FROM login_codes WHERE ended_at IS NULL"))

		code := d.code(t, "ben@acme.example.com")
		nobody := d.verify(t, "10.0.0.9", "acme", "bob@acme.example.com", code)
		ben := d.verify(t, "10.0.0.9", "acme", "ben@acme.example.com", wrong(code))
		require.Equal(t, requestID.ReplaceAllString(ben.text, ""), requestID.ReplaceAllString(nobody.text, ""))
		require.Equal(t, "OTP_INVALID", d.verify(t, "10.0.0.9", "acme", "", code).Error.Code, "a member's code is not the owner's")
		in := d.verify(t, "10.0.0.9", "acme", "BEN@acme.example.com", code)
		require.Equal(t, 200, in.status, in.text)
		require.Equal(t, "AGENT", in.Role)

		d.clock.Pass(2 * time.Hour)
		d.exec(t, `UPDATE workspaces SET settings = '{"access.member_otp":false}'`)
		require.Equal(t, asks["ben@acme.example.com"].Target, d.request(t, "10.0.2.1", "acme", "ben@acme.example.com").Target)
		require.Equal(t, before+1, d.count(t, "SELECT count(*) FROM mails"), "codes are for the owner alone")
		require.Equal(t, 200, d.request(t, "10.0.2.2", "acme", "owner@acme.example.com").status)
		require.Equal(t, before+2, d.count(t, "SELECT count(*) FROM mails"))
	})
}

// TestUnknownWorkspaces: they are refused alike by every way in, and asking costs.
func TestUnknownWorkspaces(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	for i := range 20 {
		r := d.request(t, "10.0.0.1", fmt.Sprintf("guess%d", i), "")
		require.Equal(t, 403, r.status)
		require.Equal(t, "WORKSPACE_NOT_ELIGIBLE WORKSPACE_NOT_FOUND", r.Error.Code+" "+r.Error.Reason)
	}
	require.Equal(t, "RATE_LIMITED", d.request(t, "10.0.0.1", "acme", "").Error.Code)
	for i := range 30 {
		require.Equal(t, 200, d.call(t, "GET", fmt.Sprintf("/api/access?workspace_id=guess%d", i), "10.0.0.1", nil).status)
	}
	require.Equal(t, 429, d.call(t, "GET", "/api/access?workspace_id=acme", "10.0.0.1", nil).status)
	require.Equal(t, 200, d.call(t, "GET", "/api/access?workspace_id=acme", "10.0.0.2", nil).status)
	for i := range 10 {
		r := d.verify(t, "10.0.0.1", fmt.Sprintf("guess%d", i), "", "123456")
		require.Equal(t, "WORKSPACE_NOT_FOUND", r.Error.Reason)
	}
	require.Equal(t, "RATE_LIMITED", d.verify(t, "10.0.0.1", "acme", "", "123456").Error.Code)
	require.Equal(t, 200, d.request(t, "10.0.0.2", "acme", "").status, "another address")
}

// TestAMailThatFails: the owner is told, and the code that was never sent lets nobody in.
func TestAMailThatFails(t *testing.T) {
	sender := &failing{}
	d := reception(t, servertest.Dialects[0], func(c *app.Config) { c.Sender = sender })
	r := d.request(t, "10.0.0.1", "acme", "")
	require.Equal(t, 503, r.status)
	require.Equal(t, "UPSTREAM_UNAVAILABLE", r.Error.Code)
	require.Regexp(t, digits, sender.text)
	require.Equal(t, "OTP_INVALID", d.verify(t, "10.0.0.1", "acme", "", digits.FindString(sender.text)).Error.Code)
	require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "ben@acme.example.com").status, "of others it would tell whose address it is")
	require.Equal(t, 200, d.request(t, "10.0.0.1", "acme", "nobody@acme.example.com").status)
}

// failing is a mail server that is down.
type failing struct {
	mu   sync.Mutex
	text string
}

func (f *failing) Name() string { return "failing" }

func (f *failing) Send(_ context.Context, e *mail.Envelope) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text = e.Text
	return &mail.Failure{Word: mail.Unreachable}
}

func TestMasked(t *testing.T) {
	for address, want := range map[string]string{"owner@example.com": "o***@e***.com", "a@b.co.uk": "a***@b***.uk", "ö@münchen.de": "ö***@m***.de",
		"x@localhost": "x***@l***", "": "***", "nonsense": "***"} {
		assert.Equal(t, want, access.Masked(address))
	}
}
