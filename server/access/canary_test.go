package access_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// record is everything that a server logs, at every level.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// TestNoSecretLeavesATrace goes through all that has to do with secrets, right and wrong, and then looks for every one of
// them in every column of the database, in the database's own files, and in the log at its finest.
func TestNoSecretLeavesATrace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		log := &record{}
		d := reception(t, dialect, func(c *app.Config) {
			c.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		secrets := map[string]string{}
		keep := func(name, value string) string {
			t.Helper()
			require.GreaterOrEqual(t, len(value), 6, name)
			secrets[name] = value
			return value
		}
		require.Equal(t, 200, d.request(t, "10.1.1.1", "acme", "").status)
		code := keep("login code", d.code(t, "owner@acme.example.com"))
		require.Equal(t, "OTP_INVALID", d.verify(t, "10.1.1.1", "acme", "", wrong(code)).Error.Code)
		in1 := d.verify(t, "10.1.1.1", "acme", "", code)
		owner := &servertest.Client{URL: d.URL, Token: keep("session token", in1.Token)}
		require.Equal(t, "OTP_INVALID", d.verify(t, "10.1.1.1", "acme", "", code).Error.Code)

		embed := keep("embed token", d.token(t, claims()))
		ben := d.call(t, "POST", "/api/auth/embed", "10.1.1.2", in{"token": embed})
		require.Equal(t, 200, ben.status, ben.text)
		keep("embedded session's token", ben.Token)
		require.Equal(t, "EMBED_TOKEN_INVALID", d.call(t, "POST", "/api/auth/embed", "10.1.1.2", in{"token": embed}).Error.Code)

		type key struct {
			CreateAPIKey, RotateAPIKey struct {
				Secret string
				APIKey struct{ ID string }
			}
		}
		made := servertest.Must[key](t, owner, `mutation { createApiKey(input: {name: "k", scopes: ["records:read"]}) @idempotent(key: "once") { secret apiKey { id } } }`, nil).CreateAPIKey
		keep("API key", made.Secret)
		again := servertest.Must[key](t, owner, `mutation { createApiKey(input: {name: "k", scopes: ["records:read"]}) @idempotent(key: "once") { secret apiKey { id } } }`, nil).CreateAPIKey
		require.Equal(t, made, again, "a repeat shows it again, so it is kept; but sealed")
		keep("rotated API key", servertest.Must[key](t, owner, `mutation($id: ID!) { rotateApiKey(input: {id: $id}) { secret apiKey { id } } }`, servertest.Vars{"id": made.APIKey.ID}).RotateAPIKey.Secret)
		require.Equal(t, "INVALID_API_KEY", d.call(t, "GET", "/api/settings", "10.1.1.3", nil, "X-API-Key", keep("an unknown key", access.NewSecret(access.KeyPrefix))).Error.Code)

		servertest.Must[any](t, owner, `mutation($k: String) { setSaleschatKey(input: {key: $k}) { revision } }`, servertest.Vars{"k": keep("Saleschat key", "canary-saleschat-9f27c1")})
		owner.Refused(t, "PARTNER_KEY_INVALID", `mutation($k: String) { setPartnerKey(input: {key: $k}) { revision } }`, servertest.Vars{"k": keep("refused partner key", "canary-partner-31d0aa")})

		_, token := invite(t, owner, "guest@example.org", "AGENT")
		keep("invitation's token", token)
		require.Equal(t, 200, d.call(t, "POST", "/api/invitations/find", "10.1.1.4", in{"token": token}).status)
		require.Equal(t, 200, d.call(t, "POST", "/api/invitations/accept/request", "10.1.1.4", in{"token": token}).status)
		second := keep("invitation's code", d.code(t, "guest@example.org", ""))
		accepted := d.accept(t, "10.1.1.4", token, second)
		require.Equal(t, 200, accepted.status, accepted.text)
		keep("guest's session token", accepted.Token)
		keep("body of a mail", "Never share this code")
		keep("subject of a mail", "Your login code")

		dumped := dump(t, &servertest.World{Server: d.Server})
		if dialect == store.SQLite {
			for _, suffix := range []string{"", "-wal"} {
				raw, err := os.ReadFile(strings.TrimPrefix(d.Database, "file:") + suffix)
				require.NoError(t, err)
				dumped += string(raw)
			}
		}
		require.Contains(t, dumped, "owner@acme.example.com", "this does not see the database")
		require.Contains(t, log.String(), "login.code", "this does not see the log")
		for name, s := range secrets {
			for how, form := range forms(s) {
				find := regexp.MustCompile(`(^|[^0-9A-Za-z])` + regexp.QuoteMeta(form) + `($|[^0-9A-Za-z])`)
				if len(form) > 6 {
					find = regexp.MustCompile(regexp.QuoteMeta(form))
				}
				assert.Empty(t, find.FindString(dumped), "the database holds the %s, %s", name, how)
				assert.Empty(t, find.FindString(log.String()), "the log holds the %s, %s", name, how)
			}
		}
	})
}

// forms are the ways in which a secret may be written down.
func forms(s string) map[string]string {
	out := map[string]string{"as it is": s}
	if len(s) > 6 {
		out["in hex"], out["in base64"] = hex.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(s))
		out["without its prefix"] = s[4:]
	}
	return out
}
