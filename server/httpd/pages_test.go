package httpd_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"net/http"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/httpd"
)

const script = "console.log('tideboard')"

// built is an application as the build leaves it.
func built(t *testing.T) fs.FS {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := io.WriteString(w, script)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return fstest.MapFS{
		"index.html":              {Data: []byte("<!doctype html><title>Tideboard</title>")},
		"operations.json":         {Data: []byte("[]")},
		"icon.svg":                {Data: []byte("<svg/>")},
		"assets/main-abc.js":      {Data: []byte(script)},
		"assets/main-abc.js.gz":   {Data: zipped.Bytes()},
		"assets/style-abc.css":    {Data: []byte("a{}")},
		"assets/style-abc.css.gz": {Data: zipped.Bytes()},
	}
}

func TestPagesOfTheApplication(t *testing.T) {
	h := open(t, func(c *httpd.Config) {
		c.Pages = httpd.Pages{Files: built(t), HowToBuild: "run make build"}
		c.FrameAncestors = func(_ context.Context, id string) (string, error) { return "https://" + id + ".example.com", nil }
	})
	const page, text = "<!doctype html><title>Tideboard</title>", "text/html,*/*;q=0.8"
	for name, c := range map[string]struct {
		path, accept, method string
		status               int
		body, framers, cache string
	}{
		"the bare address, for a person":    {"/", text, "", 200, page, "frame-ancestors 'none'", "no-cache"},
		"the bare address, for a program":   {"/", "*/*", "", 200, "GraphQL   /graphql", "frame-ancestors 'none'", "no-store"},
		"a page of a workspace":             {"/w/acme/pipelines", text, "", 200, page, "frame-ancestors https://acme.example.com", "no-cache"},
		"a page that names it in its query": {"/?workspace_id=acme", text, "", 200, page, "frame-ancestors https://acme.example.com", "no-cache"},
		"the page of an invitation":         {"/invitation", text, "", 200, page, "frame-ancestors 'none'", "no-cache"},
		"an address for a program":          {"/w/acme/pipelines", "application/json", "", 404, "", "", ""},
		"a script":                          {"/assets/main-abc.js", "*/*", "", 200, script, "", "public, max-age=31536000, immutable"},
		"a script that is gone":             {"/assets/main-old.js", text, "", 404, "", "", ""},
		"a compressed form by its own name": {"/assets/main-abc.js.gz", text, "", 404, "", "", ""},
		"a file":                            {"/icon.svg", "*/*", "", 200, "<svg/>", "", "no-cache"},
		"what the server alone reads":       {"/operations.json", text, "", 404, "", "", ""},
		"a folder":                          {"/assets/", text, "", 404, "", "", ""},
		"a write":                           {"/w/acme", text, http.MethodPost, 405, "", "", ""},
		"out of the files":                  {"/assets/..%2f..%2fgo.mod", text, "", 404, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequest(c.method, h.listen.URL+c.path, nil)
			require.NoError(t, err)
			req.Header.Set("Accept", c.accept)
			res, err := http.DefaultClient.Do(req) // asks for gzip and unpacks it
			require.NoError(t, err)
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			assert.Equal(t, c.status, res.StatusCode, "%s", body)
			assert.Contains(t, string(body), c.body)
			assert.Contains(t, res.Header.Get("Content-Security-Policy"), c.framers)
			if c.cache != "" {
				assert.Equal(t, c.cache, res.Header.Get("Cache-Control"))
			}
		})
	}
}

// TestPagesRunNoScriptOfTheirOwn: only files of the same site are scripts.
func TestPagesRunNoScriptOfTheirOwn(t *testing.T) {
	h := open(t, func(c *httpd.Config) { c.Pages.Files = built(t) })
	req, err := http.NewRequest(http.MethodGet, h.listen.URL+"/", nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/html")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	policy := res.Header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'; script-src 'self';")
	assert.Contains(t, policy, "base-uri 'none'")
}

// TestAnApplicationThatWasNotBuilt: the server runs, and says what to do.
func TestAnApplicationThatWasNotBuilt(t *testing.T) {
	h := open(t, func(c *httpd.Config) { c.Pages.HowToBuild = "run make build" })
	req, err := http.NewRequest(http.MethodGet, h.listen.URL+"/w/acme", nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/html")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, res.StatusCode)
	assert.Equal(t, "run make build\n", string(body))
}
