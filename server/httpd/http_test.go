package httpd_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/httpd"
)

const (
	modern = "application/graphql-response+json"
	legacy = "application/json"
)

// call is an HTTP request as data, with what must come back.
type call struct {
	name   string
	method string // POST
	path   string // /graphql
	header string // "Name: value" lines; a credential and application/json are there unless named here
	body   string
	status int
	media  string // application/json
	want   string // the body, as JSON; or
	has    string // a part of it
	echo   string // "Name: value" of a response header
}

func get(query string) string { return "/graphql?query=" + url.QueryEscape(query) }

var calls = []call{
	{name: "a query", body: `{"query":"{ hello }"}`, status: 200, want: `{"data":{"hello":"Hello, world!"}}`},
	{name: "charset", header: "Content-Type: application/json; charset=utf-8", body: `{"query":"{ hello }"}`, status: 200},
	{name: "variables and name", body: `{"query":"query A { hello } query B($n: String) { hello(name: $n) }","operationName":"B","variables":{"n":"you"}}`, status: 200, want: `{"data":{"hello":"Hello, you!"}}`},
	{name: "numbers keep their digits", body: `{"query":"query($n: Long!) { number(n: $n) }","variables":{"n":9007199254740993}}`, status: 200, has: `9007199254740993`},
	{name: "nulls", body: `{"query":"{ hello }","operationName":null,"variables":null,"extensions":null}`, status: 200},
	{name: "unknown entries are ignored", body: `{"query":"{ hello }","Query":7,"id":"x"}`, status: 200},
	{name: "a mutation", body: `{"query":"mutation { add(n: 2) }"}`, status: 200, want: `{"data":{"add":2}}`},
	{name: "data beside errors", header: "Accept: " + modern, body: `{"query":"{ fail }"}`, status: 200, media: modern, has: "no luck"},

	{name: "GET", method: "GET", path: get("{ hello }"), status: 200, want: `{"data":{"hello":"Hello, world!"}}`},
	{name: "GET with variables", method: "GET", path: get("query($n: String) { hello(name: $n) }") + "&variables=" + url.QueryEscape(`{"n":"you"}`), status: 200, has: "Hello, you!"},
	{name: "GET with bad variables", method: "GET", path: get("{ hello }") + "&variables=7", status: 400, has: "Variables must be a JSON object."},
	{name: "GET with two variables", method: "GET", path: get("{ hello }") + "&variables=" + url.QueryEscape("{}{}"), status: 400},
	{name: "GET with bad extensions", method: "GET", path: get("{ hello }") + "&extensions=[]", status: 400},
	{name: "GET without a query", method: "GET", path: "/graphql", status: 400},
	{name: "GET with a bad escape", method: "GET", path: "/graphql?query=%zz", status: 400},
	{name: "GET must not write", method: "GET", path: get("mutation { add(n: 2) }"), status: 405, echo: "Allow: POST"},
	{name: "GET must not write, modern", method: "GET", path: get("mutation { add(n: 2) }"), header: "Accept: " + modern, status: 405, media: modern},

	{name: "not GraphQL", body: `{"query":"{"}`, status: 200, has: "VALIDATION_FAILED"},
	{name: "not GraphQL, modern", header: "Accept: " + modern, body: `{"query":"{"}`, status: 400, media: modern},
	{name: "not valid, modern", header: "Accept: " + modern, body: `{"query":"{ nothing }"}`, status: 400, media: modern},
	{name: "refused by cost, modern", header: "Accept: " + modern, body: `{"query":"{ refuse(code: \"QUERY_TOO_EXPENSIVE\") }"}`, status: 400, media: modern},
	{name: "a subscription", body: `{"query":"subscription { live }"}`, status: 400, has: "websocket"},

	{name: "not JSON", body: `{`, status: 400, has: "A JSON object is needed."},
	{name: "not JSON, modern", header: "Accept: " + modern, body: `{`, status: 400, media: modern},
	{name: "not UTF-8", body: "{\"query\":\"{ hello(name: \\\"\xff\\\") }\"}", status: 400},
	{name: "a list", body: `[{"query":"{ hello }"}]`, status: 400},
	{name: "null", body: `null`, status: 400},
	{name: "empty", body: ``, status: 400},
	{name: "two objects", body: `{"query":"{ hello }"}{}`, status: 400},
	{name: "no query", body: `{}`, status: 400, has: "Query is required"},
	{name: "query of a wrong type", body: `{"query":7}`, status: 400, has: "Query must be a string."},
	{name: "name of a wrong type", body: `{"query":"{ hello }","operationName":7}`, status: 400},
	{name: "variables of a wrong type", body: `{"query":"{ hello }","variables":[]}`, status: 400},
	{name: "extensions of a wrong type", body: `{"query":"{ hello }","extensions":"x"}`, status: 400},
	{name: "a persisted query may stand for its text", header: "Accept: " + modern, body: `{"extensions":{"persistedQuery":{}}}`, status: 400, media: modern, has: "no operation"},

	{name: "too large", body: `{"query":"{ hello }","pad":"` + strings.Repeat("x", 4096) + `"}`, status: 413, has: "4096 bytes"},
	{name: "a form", header: "Content-Type: application/x-www-form-urlencoded", body: "query={hello}", status: 415, echo: "Accept-Post: application/json"},
	{name: "another charset", header: "Content-Type: application/json; charset=latin1", body: `{"query":"{ hello }"}`, status: 415},
	{name: "compressed", header: "Content-Encoding: gzip", body: "\x1f\x8b", status: 415},
	{name: "PUT", method: "PUT", body: `{"query":"{ hello }"}`, status: 405, echo: "Allow: GET, POST"},
	{name: "HEAD", method: "HEAD", status: 405},
	{name: "OPTIONS", method: "OPTIONS", status: 405},

	{name: "accepts anything", header: "Accept: */*", body: `{"query":"{ hello }"}`, status: 200},
	{name: "accepts any application", header: "Accept: application/*", body: `{"query":"{ hello }"}`, status: 200},
	{name: "accepts both", header: "Accept: " + legacy + ", " + modern, body: `{"query":"{ hello }"}`, status: 200, media: modern},
	{name: "prefers the old", header: "Accept: " + modern + ";q=0.5, " + legacy, body: `{"query":"{ hello }"}`, status: 200},
	{name: "prefers the new", header: "Accept: " + modern + ", " + legacy + ";q=0.9", body: `{"query":"{ hello }"}`, status: 200, media: modern},
	{name: "a named type beats a wildcard", header: "Accept: */*;q=1, " + legacy + ";q=0", body: `{"query":"{ hello }"}`, status: 200, media: modern},
	{name: "a named type or else anything", header: "Accept: " + modern + ", */*", body: `{"query":"{ hello }"}`, status: 200, media: modern},
	{name: "accepts UTF-8", header: "Accept: " + modern + "; charset=utf-8", body: `{"query":"{ hello }"}`, status: 200, media: modern},
	{name: "accepts only another charset", header: "Accept: application/json; charset=latin1", body: `{"query":"{ hello }"}`, status: 406},
	{name: "accepts nothing we have", header: "Accept: text/html", body: `{"query":"{ hello }"}`, status: 406},
	{name: "refuses what we have", header: "Accept: */*;q=0", body: `{"query":"{ hello }"}`, status: 406},

	{name: "no credential", header: "Authorization:", body: `{`, status: 401, has: "UNAUTHENTICATED", echo: "WWW-Authenticate: Bearer"},
	{name: "no credential, modern", header: "Authorization:\nAccept: " + modern, body: `{"query":"{ hello }"}`, status: 401, media: modern},
	{name: "another scheme", header: "Authorization: Basic YW5uOg==", body: `{"query":"{ hello }"}`, status: 401, has: "UNAUTHENTICATED"},
	{name: "an unknown token", header: "Authorization: Bearer nobody", body: `{"query":"{ hello }"}`, status: 401, has: "UNAUTHENTICATED"},
	{name: "scheme ignoring case", header: "Authorization: bearer bob", body: `{"query":"{ who }"}`, status: 200, has: "bob"},
	{name: "a session that is over", header: "Authorization: Bearer over", body: `{"query":"{ hello }"}`, status: 401, has: "SESSION_EXPIRED"},
	{name: "a key", header: "Authorization:\nX-API-Key: key", body: `{"query":"{ who }"}`, status: 200, has: "key1"},
	{name: "a bad key", header: "Authorization:\nX-API-Key: bad", body: `{"query":"{ who }"}`, status: 401, has: "INVALID_API_KEY"},
	{name: "too many requests", header: "Authorization: Bearer busy", body: `{"query":"{ hello }"}`, status: 429, has: "RATE_LIMITED", echo: "Retry-After: 1"},
	{name: "access fails", header: "Authorization: Bearer broken", body: `{"query":"{ hello }"}`, status: 503, has: "INTERNAL"},
	{name: "access gives a strange code", header: "Authorization: Bearer conflict", body: `{"query":"{ hello }"}`, status: 503, has: "INTERNAL"},
	{name: "access panics", header: "Authorization: Bearer panics", body: `{"query":"{ hello }"}`, status: 503, has: "INTERNAL"},

	{name: "the engine limits", body: `{"query":"{ refuse(code: \"RATE_LIMITED\") }"}`, status: 429},
	{name: "the engine is overloaded", body: `{"query":"{ refuse(code: \"OVERLOADED\") }"}`, status: 503, echo: "Retry-After: 1"},
	{name: "the engine ends a session", body: `{"query":"{ refuse(code: \"SESSION_EXPIRED\") }"}`, status: 401},
	{name: "the engine panics", body: `{"query":"{ panics }"}`, status: 500, has: "INTERNAL"},

	{name: "another site", header: "Sec-Fetch-Site: cross-site", body: `{"query":"{ hello }"}`, status: 403, has: "FORBIDDEN"},
	{name: "another site, by origin", header: "Origin: https://evil.example", body: `{"query":"{ hello }"}`, status: 403},
	{name: "a site of ours", header: "Sec-Fetch-Site: cross-site\nOrigin: https://app.example", body: `{"query":"{ hello }"}`, status: 200},
	{name: "the same site", header: "Sec-Fetch-Site: same-origin", body: `{"query":"{ hello }"}`, status: 200},

	{name: "a request id of the client", header: "X-Request-Id: abc_DEF-1", body: `{"query":"{ request }"}`, status: 200, has: "abc_DEF-1", echo: "X-Request-Id: abc_DEF-1"},
	{name: "a request id in a refusal", header: "X-Request-Id: abc\nAuthorization:", body: `{`, status: 401, has: `"requestId":"abc"`},
	{name: "nosniff", body: `{"query":"{ hello }"}`, status: 200, echo: "X-Content-Type-Options: nosniff"},
	{name: "no-store", body: `{"query":"{ hello }"}`, status: 200, echo: "Cache-Control: no-store"},
	{name: "front page", method: "GET", path: "/", status: 200, media: "text/plain", has: "/graphql"},
	{name: "elsewhere", method: "GET", path: "/nothing", status: 404, media: "text/plain"},
	{name: "health", method: "GET", path: "/health", header: "Authorization:", status: 200, want: `{"ok":true}`},
	{name: "health is read", method: "POST", path: "/health", status: 405, media: "text/plain"},
}

func TestHTTP(t *testing.T) {
	h := open(t, limits(httpd.Limits{Body: 4096}), func(c *httpd.Config) { c.Origins = []string{"https://app.example"} })
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			res, body := h.do(t, c)
			require.Equal(t, c.status, res.StatusCode, body)
			media := c.media
			if media == "" {
				media = legacy
			}
			require.Equal(t, media+"; charset=utf-8", res.Header.Get("Content-Type"))
			if c.want != "" {
				require.JSONEq(t, c.want, body)
			}
			require.Contains(t, body, c.has)
			require.NotContains(t, body, "secret")
			if c.echo != "" {
				name, value, _ := strings.Cut(c.echo, ": ")
				require.Equal(t, value, res.Header.Get(name))
			}
		})
	}
	require.Equal(t, 1, h.log.count("engine panicked"), "a panic is logged once")
	require.Equal(t, 1, h.log.count("access panicked"))
	require.Equal(t, 2, h.log.count("access failed"))
}

func (h *house) do(t *testing.T, c call) (*http.Response, string) {
	t.Helper()
	if c.method == "" {
		c.method = "POST"
	}
	if c.path == "" {
		c.path = "/graphql"
	}
	req, err := http.NewRequest(c.method, h.listen.URL+c.path, strings.NewReader(c.body))
	require.NoError(t, err)
	req.Header = http.Header{"Authorization": {"Bearer ann"}, "Content-Type": {"application/json"}}
	for line := range strings.SplitSeq(c.header, "\n") {
		name, value, _ := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); value == "" {
			req.Header.Del(name)
		} else {
			req.Header.Set(name, value)
		}
	}
	res, err := h.listen.Client().Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(body)
}

func TestRefusalsComeBeforeTheEngine(t *testing.T) {
	h := open(t)
	h.do(t, call{header: "Authorization:", body: `{"query":"{ hello }"}`})
	require.Zero(t, h.access.calls.Load(), "no credential, no question")
	h.do(t, call{header: "Authorization: Bearer nobody", body: `{"query":"{ hello }"}`})
	h.do(t, call{method: "PUT"})
	h.do(t, call{header: "Accept: text/html"})
	require.EqualValues(t, 1, h.access.calls.Load())
	require.Zero(t, h.engine.prepared.Load())
}

func TestRequestIDIsMadeWhenNoneIsFit(t *testing.T) {
	h := open(t)
	seen := map[string]bool{}
	for _, given := range []string{"", "with space", "<script>", strings.Repeat("x", 65)} {
		res, body := h.do(t, call{header: "X-Request-Id: " + given, body: `{"query":"{ request }"}`})
		id := res.Header.Get("X-Request-Id")
		require.Regexp(t, `^[A-Za-z0-9_-]{16,64}$`, id)
		require.Contains(t, body, id)
		require.False(t, seen[id])
		seen[id] = true
	}
}

func TestHealthTellsNothingButWhetherReady(t *testing.T) {
	var failure error
	h := open(t, func(c *httpd.Config) { c.Ready = func(context.Context) error { return failure } })
	res, _ := h.do(t, call{method: "GET", path: "/health"})
	require.Equal(t, 200, res.StatusCode)
	failure = errors.New("secret: password refused")
	res, body := h.do(t, call{method: "GET", path: "/health"})
	require.Equal(t, 503, res.StatusCode)
	require.JSONEq(t, `{"ok":false}`, body)
	failure = nil
	require.NoError(t, h.server.Shutdown(context.Background()))
	res, _ = h.do(t, call{method: "GET", path: "/health"})
	require.Equal(t, 503, res.StatusCode)
}
