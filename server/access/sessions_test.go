package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

const mySessions = `{ sessions { id kind isCurrent ip userAgent readOnly pipelineIds idleSeconds } }`

type sessionList struct {
	Sessions []struct {
		ID, Kind, IP, UserAgent string
		IsCurrent, ReadOnly     bool
		PipelineIDs             []string
		IdleSeconds             int
	}
}

// TestSessionsAreListedAndEnded: one's own by oneself, another's by who manages the team; each end is told.
func TestSessionsAreListedAndEnded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		owner := &servertest.Client{URL: d.URL, Token: d.login(t, "acme").Token}
		bens := func() reply {
			r := d.embed(t, d.token(t, claims()))
			require.Equal(t, 200, r.status, r.text)
			return r
		}
		one, two, three := bens(), bens(), bens()
		ben := &servertest.Client{URL: d.URL, Token: one.Token}
		list := servertest.Must[sessionList](t, ben, mySessions, nil).Sessions
		require.Len(t, list, 3)
		require.Equal(t, three.SessionID, list[0].ID)
		require.Equal(t, "EMBED 10.0.0.1 Go-http-client/1.1", list[0].Kind+" "+list[0].IP+" "+list[0].UserAgent)
		require.False(t, list[0].IsCurrent)
		require.True(t, list[2].IsCurrent)
		require.Equal(t, 3600, list[0].IdleSeconds)

		end := `mutation($i: EndSessionInput!) { endSession(input: $i) { id revision clientMutationId } }`
		input := func(id string) servertest.Vars {
			return servertest.Vars{"i": servertest.Vars{"id": id, "clientMutationId": "m1"}}
		}
		require.Equal(t, 200, d.call(t, "GET", "/api/auth/session", "", nil, "Authorization", "Bearer "+two.Token).status)
		a := ben.Do(t, end, input(two.SessionID))
		require.Empty(t, a.Errors)
		again := ben.Do(t, end, input(two.SessionID))
		require.Empty(t, again.Errors)
		require.Equal(t, string(a.Data), string(again.Data), "what is over is over: no commit")
		require.Equal(t, 401, d.call(t, "GET", "/api/auth/session", "", nil, "Authorization", "Bearer "+two.Token).status)
		hidden := ben.Refused(t, "NOT_FOUND", end, input(servertest.Must[sessionList](t, owner, mySessions, nil).Sessions[0].ID))
		missing := ben.Refused(t, "NOT_FOUND", end, input(typeid.New(typeid.Session)))
		require.Equal(t, len(hidden.Message), len(missing.Message))
		ben.Refused(t, "VALIDATION_FAILED", end, input(typeid.New(typeid.Member)))

		all := `mutation($i: EndAllSessionsInput!) { endAllSessions(input: $i) { ids } }`
		type ended struct{ EndAllSessions struct{ IDs []string } }
		require.Equal(t, []string{three.SessionID}, servertest.Must[ended](t, ben, all, servertest.Vars{"i": servertest.Vars{"keepCurrent": true}}).EndAllSessions.IDs)
		require.Equal(t, []string{one.SessionID}, servertest.Must[ended](t, ben, all, servertest.Vars{"i": servertest.Vars{}}).EndAllSessions.IDs)
		ben.Refused(t, "SESSION_EXPIRED", mySessions, nil)

		four := bens()
		ben.Token = four.Token
		of := `mutation($i: EndMemberSessionsInput!) { endMemberSessions(input: $i) { ids revision } }`
		member := func(id string) servertest.Vars { return servertest.Vars{"i": servertest.Vars{"memberId": id}} }
		var benID string
		require.NoError(t, d.DB.Write.QueryRowContext(t.Context(), "SELECT id FROM members WHERE partner_member_id = 'rb_ben'").Scan(&benID))
		ben.Refused(t, "FORBIDDEN", of, member(benID))
		owner.Refused(t, "NOT_FOUND", of, member(typeid.New(typeid.Member)))
		got := servertest.Must[struct{ EndMemberSessions struct{ IDs []string } }](t, owner, of, member(benID))
		require.Equal(t, []string{four.SessionID}, got.EndMemberSessions.IDs)
		require.Equal(t, 401, d.call(t, "GET", "/api/auth/session", "", nil, "Authorization", "Bearer "+four.Token).status)

		for _, told := range []string{"SELECT count(*) FROM changes WHERE kind = 'session.ended' AND entity = 'session'", "SELECT count(*) FROM audit_log WHERE action = 'session.ended'"} {
			require.Equal(t, 4, d.count(t, told))
		}
		require.Zero(t, d.count(t, "SELECT count(*) FROM changes WHERE CAST(after AS text) LIKE '%tbs_%'"), "a token is told")
	})
}

// TestKeysHaveNoSession: they neither list nor end any.
func TestKeysHaveNoSession(t *testing.T) {
	h := open(t, servertest.Dialects[0])
	require.Empty(t, servertest.Must[sessionList](t, &h.Key.Client, mySessions, nil).Sessions)
	h.Key.Refused(t, "SCOPE_MISSING", `mutation { endAllSessions(input: {}) { ids } }`, nil)
	d := &desk{Server: h.Server}
	require.Equal(t, 403, d.call(t, "GET", "/api/auth/session", "", nil, "X-API-Key", h.Key.Token).status)
	require.Equal(t, 403, d.call(t, "POST", "/api/auth/logout", "", nil, "X-API-Key", h.Key.Token).status)
	require.Equal(t, 401, d.call(t, "GET", "/api/auth/session", "", nil).status)
}
