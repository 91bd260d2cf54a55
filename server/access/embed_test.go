package access_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/partner/simulator"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// claims are those of a token for Ben, to be completed by token.
func claims(change ...in) in {
	c := in{"workspace_id": "acme", "sub": "rb_ben", "email": "ben@acme.example.com", "name": "Ben", "aud": "tideboard", "jti": access.NewSecret("")}
	for _, more := range change {
		for k, v := range more {
			c[k] = v
		}
	}
	return c
}

// token signs claims that begin now and end in a minute, unless they say otherwise; nil leaves a claim out.
func (d *desk) token(t *testing.T, c in) string {
	return d.signed(t, c, jwt.SigningMethodHS256, []byte(secret))
}

func (d *desk) signed(t *testing.T, c in, method jwt.SigningMethod, key any) string {
	t.Helper()
	all := jwt.MapClaims{"iat": d.clock.Now().Unix(), "exp": d.clock.Now().Add(time.Minute).Unix()}
	for k, v := range c {
		all[k] = v
		if v == nil {
			delete(all, k)
		}
	}
	text, err := jwt.NewWithClaims(method, all).SignedString(key)
	require.NoError(t, err)
	return text
}

func (d *desk) embed(t *testing.T, token string) reply {
	t.Helper()
	return d.call(t, "POST", "/api/auth/embed", "10.0.0.1", in{"token": token})
}

// TestBadTokens: whatever is wrong with a token, the answer is the same.
func TestBadTokens(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	d.partner.Eligible("other")
	unix := func(dur time.Duration) int64 { return d.clock.Now().Add(dur).Unix() }
	good := d.token(t, claims())
	parts := strings.Split(good, ".")
	var answers []string
	for name, token := range map[string]string{
		"empty":                      "",
		"nonsense":                   "x.y.z",
		"without exp":                d.token(t, claims(in{"exp": nil})),
		"without iat":                d.token(t, claims(in{"iat": nil})),
		"without jti":                d.token(t, claims(in{"jti": nil})),
		"an empty jti":               d.token(t, claims(in{"jti": ""})),
		"a long jti":                 d.token(t, claims(in{"jti": strings.Repeat("x", 129)})),
		"without sub":                d.token(t, claims(in{"sub": nil})),
		"without workspace":          d.token(t, claims(in{"workspace_id": nil})),
		"without audience":           d.token(t, claims(in{"aud": nil})),
		"another audience":           d.token(t, claims(in{"aud": "elsewhere"})),
		"too long a life":            d.token(t, claims(in{"exp": unix(301 * time.Second)})),
		"a long life, begun earlier": d.token(t, claims(in{"iat": unix(-time.Hour), "exp": unix(time.Minute)})),
		"a life that ends first":     d.token(t, claims(in{"iat": unix(30 * time.Second), "exp": unix(20 * time.Second)})),
		"from the future":            d.token(t, claims(in{"iat": unix(2 * time.Minute), "exp": unix(3 * time.Minute)})),
		"not yet":                    d.token(t, claims(in{"nbf": unix(2 * time.Minute)})),
		"an endless exp":             d.token(t, claims(in{"exp": 1e300})),
		"exp as a text":              d.token(t, claims(in{"exp": "tomorrow"})),
		"expired and another's":      d.token(t, claims(in{"iat": unix(-4 * time.Minute), "exp": unix(-2 * time.Minute), "aud": "elsewhere"})),
		"another algorithm":          d.signed(t, claims(), jwt.SigningMethodHS512, []byte(secret)),
		"HS384":                      d.signed(t, claims(), jwt.SigningMethodHS384, []byte(secret)),
		"no algorithm":               d.signed(t, claims(), jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"without a signature":        parts[0] + "." + parts[1] + ".",
		"the empty secret":           d.signed(t, claims(), jwt.SigningMethodHS256, []byte{}),
		"another secret":             d.signed(t, claims(), jwt.SigningMethodHS256, []byte(secret+"!")),
		"half the secret":            d.signed(t, claims(), jwt.SigningMethodHS256, []byte(secret[:16])),
		"changed claims":             parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"rb_amara"}`)) + "." + parts[2],
		"a signature with a tail":    good + "A",
		"a member of nobody":         d.token(t, claims(in{"sub": "rb_nobody", "email": nil})),
		"a member who left":          d.token(t, claims(in{"sub": "rb_gone", "email": "gil@acme.example.com"})),
		"an unknown scope":           d.token(t, claims(in{"scope": in{"pipelines": []string{typeid.New(typeid.Pipeline)}}})),
		"a scope of no pipelines":    d.token(t, claims(in{"scope": in{"pipeline_ids": []string{}}})),
		"a scope of something else":  d.token(t, claims(in{"scope": in{"pipeline_ids": []string{typeid.New(typeid.Record)}}})),
		"a scope that is a text":     d.token(t, claims(in{"scope": "read_only"})),
		"a role that is no text":     d.token(t, claims(in{"role": 7})),
		"ever so long":               good + strings.Repeat("A", 10_000),
		"an id of another's member":  d.token(t, claims(in{"workspace_id": "other", "sub": "rb_stranger", "email": nil})),
		"two tokens":                 good + " " + good,
		"in the form of JSON":        `{"payload":"` + parts[1] + `"}`,
		"with a padded part":         parts[0] + "=." + parts[1] + "." + parts[2],
	} {
		r := d.embed(t, token)
		if assert.Equal(t, 401, r.status, "%s: %s", name, r.text) {
			assert.Equal(t, "EMBED_TOKEN_INVALID", r.Error.Code, name)
		}
		answers = append(answers, requestID.ReplaceAllString(r.text, ""))
	}
	for _, a := range answers {
		require.Equal(t, answers[0], a, "the answers tell what is wrong")
	}
	require.Zero(t, d.count(t, "SELECT count(*) FROM sessions"))
	require.Equal(t, 200, d.embed(t, good).status, "and the good one is good")
	expired := d.embed(t, d.token(t, claims(in{"iat": unix(-4 * time.Minute), "exp": unix(-2 * time.Minute)})))
	require.Equal(t, "EMBED_TOKEN_EXPIRED", expired.Error.Code)
	require.Equal(t, 200, d.embed(t, d.token(t, claims(in{"iat": unix(-2 * time.Minute), "exp": unix(-59 * time.Second)}))).status, "a minute of skew")
	require.Equal(t, 200, d.embed(t, d.token(t, claims(in{"exp": unix(5 * time.Minute), "aud": []string{"x", "tideboard"}}))).status)

	d.clock.Pass(6 * time.Minute)
	d.partner.Change("other", func(w *simulator.Workspace) { w.Paused = true })
	r := d.embed(t, d.token(t, claims(in{"workspace_id": "other"})))
	require.Equal(t, "WORKSPACE_NOT_ELIGIBLE PAUSED", r.Error.Code+" "+r.Error.Reason)
	require.Equal(t, 400, d.call(t, "POST", "/api/auth/embed", "", in{"token": good, "admin": true}).status)
}

// TestATokenIsUsedOnce: on all servers together, also at the same moment, and after a restart.
func TestATokenIsUsedOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		servers := []*desk{d, d.beside(t)}
		token := d.token(t, claims())
		var all sync.WaitGroup
		var in, out atomic.Int64
		for i := range 20 {
			all.Go(func() {
				switch r := servers[i%2].embed(t, token); r.status {
				case 200:
					in.Add(1)
				case 401:
					out.Add(1)
				default:
					t.Error(r.text)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 1, in.Load())
		require.EqualValues(t, 19, out.Load())
		servers[1].Stop(t)
		require.Equal(t, 401, d.beside(t).embed(t, token).status)
		require.NoError(t, access.Sweep(t.Context(), d.DB, d.clock.Now().Add(2*time.Minute)))
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM embed_tokens"), "it would be let in again")
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM workspaces"))
		require.Equal(t, 1, d.count(t, "SELECT count(*) FROM pipelines"))
	})
}

const makePipeline = `mutation { createPipeline(input: {name: "Another", stages: [{name: "One"}]}) { revision } }`

// TestWhatATokenNarrows: it never gives more than the partner's list says.
func TestWhatATokenNarrows(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	pipeline := typeid.New(typeid.Pipeline)
	enter := func(change in) (role *string, pipelines *string, readOnly bool, member string) {
		t.Helper()
		r := d.embed(t, d.token(t, claims(change)))
		require.Equal(t, 200, r.status, r.text)
		require.NoError(t, d.DB.Write.QueryRowContext(t.Context(), `SELECT s.role, s.pipeline_ids, s.read_only, m.role FROM sessions s JOIN members m ON m.id = s.member_id
			WHERE s.id = `+d.DB.SQL.Placeholder(1), r.SessionID).Scan(&role, &pipelines, &readOnly, &member))
		return
	}
	for _, claimed := range []any{nil, "agent", "owner", "admin", "OWNER", "ADMIN", "TEAM_ADMIN"} {
		role, pipelines, readOnly, member := enter(in{"role": claimed})
		if claimed == "agent" { // as the member is now: the session stays so when the member rises
			assert.Equal(t, "AGENT", *role)
		} else {
			assert.Nil(t, role, "%v", claimed)
		}
		assert.Nil(t, pipelines)
		assert.False(t, readOnly)
		assert.Equal(t, "AGENT", member, "%v", claimed)
	}
	role, _, _, member := enter(in{"role": "PROJECT_MANAGER"})
	require.Equal(t, "PROJECT_MANAGER AGENT", *role+" "+member)
	amara := in{"sub": "rb_amara", "email": nil}
	amara["role"] = "agent"
	role, _, _, member = enter(amara)
	require.Equal(t, "AGENT ADMIN", *role+" "+member)
	narrow := d.embed(t, d.token(t, claims(amara, in{"jti": "a narrow one"})))
	require.Equal(t, "AGENT", narrow.Role)
	(&servertest.Client{URL: d.URL, Token: narrow.Token}).Refused(t, "FORBIDDEN", makePipeline, nil)
	amara["role"] = nil
	wide := d.embed(t, d.token(t, claims(amara, in{"jti": "a wide one"})))
	servertest.Must[in](t, &servertest.Client{URL: d.URL, Token: wide.Token}, makePipeline, nil)
	amara["scope"] = in{"read_only": true}
	blind := d.embed(t, d.token(t, claims(amara, in{"jti": "one that only reads"})))
	(&servertest.Client{URL: d.URL, Token: blind.Token}).Refused(t, "FORBIDDEN", makePipeline, nil)
	_, pipelines, readOnly, _ := enter(in{"scope": in{"pipeline_ids": []string{pipeline}, "read_only": true}})
	require.Equal(t, `["`+pipeline+`"]`, *pipelines)
	require.True(t, readOnly)
	_, _, _, member = enter(in{"sub": "rb_owner", "email": "wrong@acme.example.com"})
	require.Equal(t, "OWNER", member)
}

// TestSecretsOfTokens: none is no login, a short one does not start, two let both in.
func TestSecretsOfTokens(t *testing.T) {
	d := reception(t, servertest.Dialects[0], func(c *app.Config) { c.Embed = access.EmbedKeys{} })
	for _, token := range []string{d.token(t, claims()), d.signed(t, claims(), jwt.SigningMethodHS256, []byte{}), ""} {
		r := d.embed(t, token)
		require.Equal(t, 403, r.status)
		require.Equal(t, "EMBED_DISABLED", r.Error.Code)
	}
	require.Contains(t, d.call(t, "GET", "/api/access?workspace_id=acme", "", nil).text, `"embed_available":false`)

	for _, short := range [][2]string{{strings.Repeat("x", 31), ""}, {"", "short"}, {secret, "x"}} {
		_, err := access.NewEmbedKeys(short[0], short[1])
		require.Error(t, err)
		require.NotContains(t, err.Error(), short[0]+"'")
	}
	former := strings.Repeat("former", 6)
	both, err := access.NewEmbedKeys(secret, former)
	require.NoError(t, err)
	d = reception(t, servertest.Dialects[0], func(c *app.Config) { c.Embed = both })
	require.Equal(t, 200, d.embed(t, d.signed(t, claims(), jwt.SigningMethodHS256, []byte(former))).status)
	require.Equal(t, 200, d.embed(t, d.token(t, claims())).status)

	minted, err := both.Mint(access.EmbedClaims{RegisteredClaims: jwt.RegisteredClaims{Subject: "rb_ben"}, WorkspaceID: "acme"},
		&access.EmbedScope{ReadOnly: true}, d.clock.Now(), time.Minute)
	require.NoError(t, err)
	require.Equal(t, 200, d.embed(t, minted).status)
	_, err = both.Mint(access.EmbedClaims{}, nil, d.clock.Now(), 6*time.Minute)
	require.Error(t, err)
}

// TestAnEmbeddedSessionIsShort: an hour without a request, twelve in all; who came by a code has longer.
func TestAnEmbeddedSessionIsShort(t *testing.T) {
	d := reception(t, servertest.Dialects[0])
	life := func(r reply) string {
		var idle int
		var created, expires time.Time
		require.NoError(t, d.DB.Write.QueryRowContext(t.Context(), "SELECT idle_seconds, created_at, expires_at FROM sessions WHERE id = "+
			d.DB.SQL.Placeholder(1), r.SessionID).Scan(&idle, &created, &expires))
		return fmt.Sprint(time.Duration(idle)*time.Second, expires.Sub(created))
	}
	require.Equal(t, "1h0m0s12h0m0s", strings.ReplaceAll(life(d.embed(t, d.token(t, claims()))), " ", ""))
	require.Equal(t, "12h0m0s720h0m0s", strings.ReplaceAll(life(d.login(t, "acme")), " ", ""))
	var details map[string]string
	var text string
	require.NoError(t, d.DB.Write.QueryRowContext(t.Context(), "SELECT details FROM audit_log WHERE action = 'login.succeeded' ORDER BY id LIMIT 1").Scan(&text))
	require.NoError(t, json.Unmarshal([]byte(text), &details))
	require.Equal(t, map[string]string{"kind": "EMBED"}, details)
}
