package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/servertest"
)

const secret = "an embed secret of more than 32 bytes"

// desk is a server with a partner, a clock that stands still, and callers from any address.
type desk struct {
	*servertest.Server
	partner *servertest.Partner
	clock   *servertest.Clock
	change  func(*app.Config)
}

// reception opens a server on a fresh database whose partner knows the workspace acme.
func reception(t *testing.T, dialect string, change ...func(*app.Config)) *desk {
	t.Helper()
	clock := servertest.NewClock(time.Now().UTC().Truncate(time.Second))
	d := &desk{partner: servertest.StartPartner(t, clock.Now), clock: clock}
	d.partner.Eligible("acme")
	d.change = func(c *app.Config) {
		d.partner.Ask(c)
		c.Now, c.Proxies = clock.Now, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		keys, err := access.NewEmbedKeys(secret, "")
		require.NoError(t, err)
		c.Embed = keys
		for _, f := range change {
			f(c)
		}
	}
	d.Server = servertest.StartOn(t, servertest.Database(t, dialect), d.change)
	return d
}

// beside starts another server on the same database.
func (d *desk) beside(t *testing.T) *desk {
	t.Helper()
	return &desk{servertest.StartOn(t, d.Database, d.change), d.partner, d.clock, d.change}
}

// in is a JSON object.
type in = map[string]any

// reply is an answer of the REST interface.
type reply struct {
	status int
	header http.Header
	text   string
	Error  struct {
		Code       string
		Reason     string
		RetryAfter int `json:"retry_after"`
		RequestID  string
	}
	Token     string
	Target    string
	Role      string
	SessionID string `json:"session_id"`
	Workspace struct {
		ID string
	}
}

// call sends a request from an address.
func (d *desk) call(t *testing.T, method, path, ip string, body any, header ...string) reply {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), method, d.URL+path, bytes.NewReader(text))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if ip != "" {
		req.Header.Set("X-Forwarded-For", ip)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(resp.Body)
	require.NoError(t, err)
	r := reply{status: resp.StatusCode, header: resp.Header, text: b.String()}
	require.NoError(t, json.Unmarshal(b.Bytes(), &r), "%s", r.text)
	return r
}

// request asks for a code.
func (d *desk) request(t *testing.T, ip, workspace, email string) reply {
	t.Helper()
	return d.call(t, "POST", "/api/auth/request-otp", ip, credentials(workspace, email))
}

// verify hands a code in.
func (d *desk) verify(t *testing.T, ip, workspace, email, code string) reply {
	t.Helper()
	body := credentials(workspace, email)
	body["code"] = code
	return d.call(t, "POST", "/api/auth/verify-otp", ip, body)
}

func credentials(workspace, email string) in {
	body := in{"workspace_id": workspace}
	if email != "" {
		body["email"] = email
	}
	return body
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

// code waits for the newest code that was mailed to an address, other than those known.
func (d *desk) code(t *testing.T, to string, known ...string) (code string) {
	t.Helper()
	require.Eventually(t, func() bool {
		mails, err := d.Mails(t.Context())
		require.NoError(t, err)
		for _, m := range mails {
			if c := digits.FindString(m.Text); m.To == to && !contains(known, c) {
				code = c
				return true
			}
		}
		return false
	}, time.Minute, 5*time.Millisecond, "no mail to %s", to)
	return code
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// login logs the owner in by a code.
func (d *desk) login(t *testing.T, workspace string) reply {
	t.Helper()
	require.Equal(t, 200, d.request(t, "10.9.9.9", workspace, "").status)
	r := d.verify(t, "10.9.9.9", workspace, "", d.code(t, "owner@"+workspace+".example.com"))
	require.Equal(t, 200, r.status, r.text)
	return r
}

// count gives a number from the database.
func (d *desk) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	for i := range args {
		query = strings.Replace(query, "?", d.DB.SQL.Placeholder(i+1), 1)
	}
	require.NoError(t, d.DB.Write.QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}

// exec changes what nobody can over the API.
func (d *desk) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	for i := range args {
		query = strings.Replace(query, "?", d.DB.SQL.Placeholder(i+1), 1)
	}
	_, err := d.DB.Write.ExecContext(t.Context(), query, args...)
	require.NoError(t, err)
}

// wrong is a code that another one is not.
func wrong(code string) string { return fmt.Sprintf("%06d", (atoi(code)+1)%1_000_000) }

func atoi(s string) (n int) {
	_, _ = fmt.Sscanf(s, "%d", &n)
	return n
}

// asked is a context of a request from an address.
func asked(ctx context.Context, ip string) context.Context { return withIP(ctx, ip) }
