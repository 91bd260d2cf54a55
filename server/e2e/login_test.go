package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// TestTheDemoLogsIn: whoever starts the demo can ask, get a code, read it at the mailbox and come in.
func TestTheDemoLogsIn(t *testing.T) {
	p := serve(t, servertest.Dialects[0])
	exchange := func(req *http.Request, err error) string {
		t.Helper()
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s", text)
		return string(text)
	}
	get := func(path string) string {
		return exchange(http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil))
	}
	post := func(path, body string) string {
		return exchange(http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+path, strings.NewReader(body)))
	}
	require.Contains(t, get("/api/access?workspace_id=demo"), `"allowed":true`)
	post("/api/auth/request-otp", `{"workspace_id":"demo"}`)
	var mails []struct{ Text string }
	require.NoError(t, json.Unmarshal([]byte(get("/dev/mailbox")), &mails))
	require.Len(t, mails, 1)
	var in struct {
		Token     string
		Role      string
		Workspace struct{ ID string }
	}
	require.NoError(t, json.Unmarshal([]byte(post("/api/auth/verify-otp", `{"workspace_id":"demo","code":"`+regexp.MustCompile(`\d{6}`).FindString(mails[0].Text)+`"}`)), &in))
	require.Equal(t, "OWNER "+p.demo.WorkspaceID, in.Role+" "+in.Workspace.ID)
	got := servertest.Must[struct{ Pipelines []struct{ Name string } }](t, &servertest.Client{URL: p.url, Token: in.Token}, "{ pipelines { name } }", nil)
	require.NotEmpty(t, got.Pipelines)
}
