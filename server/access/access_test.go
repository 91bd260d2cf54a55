package access_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/apikey"
	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// house is a world with the means to change what nobody can over the API.
type house struct {
	*servertest.World
	ent *ent.Client
	ctx context.Context
}

func open(t *testing.T, dialect string) *house {
	t.Helper()
	w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
	return &house{w, ent.NewClient(ent.Driver(entsql.OpenDB(w.DB.Dialect, w.DB.Write))), viewer.NewContext(t.Context(), viewer.ForSystem(w.WorkspaceID))}
}

// enters tells by what a request with a credential is refused; empty when it is let in.
func (h *house) enters(t *testing.T, token string) string {
	t.Helper()
	c := servertest.Client{URL: h.URL, Token: token}
	a := c.Do(t, "{ viewer { name } }", nil)
	if len(a.Errors) == 0 {
		require.Equal(t, http.StatusOK, a.Status)
		return ""
	}
	require.Equal(t, http.StatusUnauthorized, a.Status)
	require.Empty(t, a.Data)
	require.NotEmpty(t, a.Errors[0].Extensions.RequestID)
	return a.Errors[0].Extensions.Code
}

func TestSessions(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		const over = "SESSION_EXPIRED"
		mine := h.Ben.Token
		require.Empty(t, h.enters(t, mine))
		for name, token := range map[string]string{"unknown": access.NewSecret(access.SessionPrefix), "cut short": mine[:len(mine)-1], "too long": mine + "0",
			"another case": strings.ToUpper(mine), "without its prefix": mine[len(access.SessionPrefix):], "the hash itself": access.Hash(mine),
			"the hash as a token": access.SessionPrefix + access.Hash(mine), "of a pattern": access.SessionPrefix + "%", "nonsense": "x' OR '1'='1"} {
			assert.Equal(t, over, h.enters(t, token), name)
		}
		assert.Equal(t, "UNAUTHENTICATED", h.enters(t, ""))

		now := time.Now()
		h.Gate.Now = func() time.Time { return now.Add(access.SessionLife - time.Minute) }
		require.Empty(t, h.enters(t, mine))
		h.Gate.Now = func() time.Time { return now.Add(access.SessionLife + time.Minute) }
		require.Equal(t, over, h.enters(t, mine))
		h.Gate.Now = time.Now

		revoke := h.ent.Session.Update().Where(session.MemberID(h.Ben.ID)).SetRevokedAt(now)
		require.EqualValues(t, 1, revoke.SaveX(h.ctx))
		require.Equal(t, over, h.enters(t, mine))

		require.Empty(t, h.enters(t, h.Chloe.Token))
		h.ent.Member.UpdateOneID(h.Chloe.ID).SetIsActive(false).ExecX(h.ctx)
		require.Equal(t, over, h.enters(t, h.Chloe.Token), "a member who is no longer active")
		require.Empty(t, h.enters(t, h.Owner.Token), "and nobody else")
	})
}

func TestKeys(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		const bad = "INVALID_API_KEY"
		mine := h.Key.Token
		require.Empty(t, h.enters(t, mine))
		for name, secret := range map[string]string{"unknown": access.NewSecret(access.KeyPrefix), "cut short": mine[:len(mine)-1], "its own prefix": mine[:12],
			"the hash as a key": access.KeyPrefix + access.Hash(mine)} {
			assert.Equal(t, bad, h.enters(t, secret), name)
		}
		_, err := h.Gate.Key(t.Context(), h.Owner.Token)
		assert.True(t, fault.Is(err, fault.InvalidAPIKey), "a session is no key")
		_, err = h.Gate.Session(t.Context(), mine)
		assert.True(t, fault.Is(err, fault.SessionExpired), "a key is no session")

		soon := time.Now().Add(time.Hour)
		term, err := h.Gate.IssueKey(t.Context(), h.WorkspaceID, access.NewKey{Name: "term", CreatedBy: h.Owner.ID, ExpiresAt: &soon})
		require.NoError(t, err)
		require.Empty(t, h.enters(t, term))
		h.Gate.Now = func() time.Time { return soon }
		require.Equal(t, bad, h.enters(t, term), "a term ends when it ends")
		require.Empty(t, h.enters(t, mine))
		h.Gate.Now = time.Now

		require.EqualValues(t, 1, h.ent.APIKey.Update().Where(apikey.ID(h.Key.ID)).SetRevokedAt(time.Now()).SaveX(h.ctx))
		require.Equal(t, bad, h.enters(t, mine))
	})
}

// TestRightsComeFromScopesAndRoles: a key without scopes has no right, one narrowed to pipelines sees those.
func TestRightsComeFromScopesAndRoles(t *testing.T) {
	h := open(t, servertest.Dialects[0])
	issue := func(in access.NewKey) *viewer.Viewer {
		in.Name, in.CreatedBy = "k", h.Owner.ID
		secret, err := h.Gate.IssueKey(t.Context(), h.WorkspaceID, in)
		require.NoError(t, err)
		v, err := h.Gate.Key(t.Context(), secret)
		require.NoError(t, err)
		require.Equal(t, h.WorkspaceID, v.WorkspaceID)
		require.Empty(t, v.MemberID())
		return v
	}
	require.Zero(t, issue(access.NewKey{}).Perms)
	require.Zero(t, issue(access.NewKey{Scopes: []string{"everything", "records:"}}).Perms)
	read := issue(access.NewKey{Scopes: []string{"records:read"}, PipelineIDs: []string{h.Pipeline}})
	require.True(t, read.Can(viewer.ReadRecords|viewer.SeeAllRecords))
	require.Zero(t, read.Perms&(viewer.WriteRecords|viewer.ReadContacts|viewer.ReadTasks))
	require.Equal(t, []string{h.Pipeline}, read.PipelineIDs)
	require.Equal(t, viewer.PermsOf(viewer.Owner, nil), h.Owner.Viewer.Perms)
	require.False(t, h.Chloe.Viewer.Can(viewer.SeeAllRecords))
}

// TestOneCredentialAtATime: two are refused even when both are good, on every transport; nobody guesses which was meant.
func TestOneCredentialAtATime(t *testing.T) {
	h := open(t, servertest.Dialects[0])
	ask := func(header http.Header) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+"/graphql", strings.NewReader(`{"query":"{ viewer { name } }"}`))
		require.NoError(t, err)
		req.Header = header
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	bearer := func(s string) []string { return []string{"Bearer " + s} }
	require.Equal(t, 200, ask(http.Header{"Authorization": bearer(h.Owner.Token)}))
	require.Equal(t, 200, ask(http.Header{"X-Api-Key": {h.Key.Token}}))
	require.Equal(t, 401, ask(http.Header{"Authorization": bearer(h.Owner.Token), "X-Api-Key": {h.Key.Token}}))
	require.Equal(t, 401, ask(http.Header{"Authorization": bearer(h.Key.Token), "X-Api-Key": {h.Key.Token}}))
	require.Equal(t, 401, ask(http.Header{"Authorization": {"Basic " + h.Owner.Token}}))
	require.Equal(t, 401, ask(http.Header{"X-Api-Key": {h.Owner.Token}}), "a session is no key")

	conn, _, err := (&websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}).Dial("ws"+strings.TrimPrefix(h.URL, "http")+"/graphql", nil)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.WriteJSON(map[string]any{"type": "connection_init", "payload": map[string]string{"Authorization": "Bearer " + h.Owner.Token, "X-API-Key": h.Key.Token}}))
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(2*time.Minute)))
	_, _, err = conn.ReadMessage()
	require.True(t, websocket.IsCloseError(err, 4401, 4403), "%v", err)
}

// TestNoSecretIsStored looks for what was shown once in every column of every table.
func TestNoSecretIsStored(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		secrets := []string{h.Owner.Token, h.Ben.Token, h.Chloe.Token, h.Key.Token}
		all := dump(t, h.World)
		for _, s := range secrets {
			_, bare, _ := strings.Cut(s, "_")
			assert.NotContains(t, all, bare, "a secret is stored")
			assert.NotContains(t, all, bare[9:], "most of a secret is stored")
			assert.Contains(t, all, access.Hash(s), "this does not look where secrets are")
		}
		seen := map[string]bool{}
		for range 1000 {
			s := access.NewSecret(access.KeyPrefix)
			assert.Len(t, s, len(access.KeyPrefix)+43)
			assert.False(t, seen[s])
			seen[s] = true
		}
	})
}

// dump is the text of every row of every table.
func dump(t *testing.T, w *servertest.World) string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if w.DB.Dialect == servertest.Dialects[1] {
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var out strings.Builder
	for _, table := range values(t, w, query) {
		for _, value := range values(t, w, "SELECT * FROM "+table) {
			out.WriteString(value + "\n")
		}
	}
	return out.String()
}

// values gives the values of a query, row by row.
func values(t *testing.T, w *servertest.World, query string) (out []string) {
	t.Helper()
	rows, err := w.DB.Read.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		row, dest := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			dest[i] = &row[i]
		}
		require.NoError(t, rows.Scan(dest...))
		for _, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			out = append(out, fmt.Sprint(v))
		}
	}
	require.NoError(t, rows.Err())
	return out
}
