package access_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/apikey"
	"github.com/rapidbott/tideboard/ent/session"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

const boardFrames = `subscription($p: ID!) { board(pipelineId: $p) { __typename revision
	... on BoardSnapshot { board { columns { cards(first: 10) { nodes { title } } } } }
	... on BoardCommit { cards { kind reason recordId record { title } } } } }`

type boardFrame struct {
	Board struct {
		Typename string `json:"__typename"`
		Cards    []struct {
			Kind, Reason, RecordID string
			Record                 *struct{ Title string }
		}
	}
}

// watched opens a stream of a board at one server and takes its snapshot.
func watched(t *testing.T, at *servertest.Server, who *servertest.Person, pipeline string) *servertest.Stream {
	t.Helper()
	c := servertest.Client{URL: at.URL, Token: who.Token}
	s := c.Subscribe(t, boardFrames, servertest.Vars{"p": pipeline})
	require.Equal(t, "BoardSnapshot", servertest.Next[boardFrame](t, s).Board.Typename)
	return s
}

// does is a command of the program within the workspace.
func (h *house) does(t *testing.T, fn func(*crm.Tx) error) {
	t.Helper()
	_, err := h.CRM.Do(viewer.NewContext(t.Context(), viewer.ForSystem(h.WorkspaceID)), nil, fn)
	require.NoError(t, err)
}

// TestOpenSocketsGoByTheRightsOfNow: what one server commits ends, narrows or widens the sockets of another.
func TestOpenSocketsGoByTheRightsOfNow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		other := h.Server
		if dialect == store.Postgres {
			other = servertest.StartOn(t, h.Database, nil)
		}
		owner := viewer.NewContext(t.Context(), h.Owner.Viewer)
		made, err := h.CRM.CreateRecord(owner, crm.CreateRecordInput{Title: "Big", Priority: "LOW", OwnerID: &h.Ben.ID})
		require.NoError(t, err)
		ben, chloe, key, boss := watched(t, other, h.Ben, h.Pipeline), watched(t, other, h.Chloe, h.Pipeline), watched(t, other, h.Key, h.Pipeline),
			watched(t, other, h.Owner, h.Pipeline)
		flags := func(all bool) {
			h.does(t, func(tx *crm.Tx) error {
				return tx.Ent().Member.UpdateOneID(h.Chloe.ID).SetPermissions(map[string]bool{"can_see_all_records": all}).SetUpdatedAt(tx.Time()).AddVersion(1).Exec(tx.Ctx())
			})
		}
		for _, all := range []bool{true, false, true} {
			flags(all)
			f := servertest.Next[boardFrame](t, chloe).Board
			require.Len(t, f.Cards, 1)
			require.Equal(t, "PERMISSION", f.Cards[0].Reason)
			require.Equal(t, made.Record.ID, f.Cards[0].RecordID)
			require.Equal(t, map[bool]string{true: "ENTERED", false: "LEFT"}[all], f.Cards[0].Kind)
			require.Equal(t, all, f.Cards[0].Record != nil)
		}

		h.does(t, func(tx *crm.Tx) error {
			if err := tx.Ent().APIKey.Update().Where(apikey.ID(h.Key.ID)).SetRevokedAt(tx.Time()).Exec(tx.Ctx()); err != nil {
				return err
			}
			return tx.Say("api_key.revoked", "api_key", h.Key.ID, nil)
		})
		gone(t, key, "Forbidden: INVALID_API_KEY")
		require.Equal(t, "INVALID_API_KEY", h.enters(t, h.Key.Token))

		h.does(t, func(tx *crm.Tx) error {
			return tx.Ent().Member.UpdateOneID(h.Ben.ID).SetIsActive(false).SetUpdatedAt(tx.Time()).AddVersion(1).Exec(tx.Ctx())
		})
		gone(t, ben, "Forbidden: SESSION_EXPIRED")

		h.does(t, func(tx *crm.Tx) error {
			if err := tx.Ent().Session.Update().Where(session.ID(h.Chloe.Viewer.CredentialID)).SetRevokedAt(tx.Time()).Exec(tx.Ctx()); err != nil {
				return err
			}
			return tx.Say("session.ended", "session", h.Chloe.Viewer.CredentialID, nil)
		})
		gone(t, chloe, "Forbidden: SESSION_EXPIRED")

		_, err = h.CRM.CreateRecord(owner, crm.CreateRecordInput{Title: "Small", Priority: "LOW"})
		require.NoError(t, err)
		f := servertest.Next[boardFrame](t, boss).Board
		require.Equal(t, "Big", f.Cards[0].Record.Title, "its owner became inactive")
		f = servertest.Next[boardFrame](t, boss).Board
		require.Equal(t, "Small", f.Cards[0].Record.Title, "who did nothing goes on")

		h.does(t, func(tx *crm.Tx) error {
			return tx.Ent().Workspace.UpdateOneID(h.WorkspaceID).SetEligibility("PAUSED").SetPaused(true).Exec(tx.Ctx())
		})
		gone(t, boss, "Forbidden: WORKSPACE_NOT_ELIGIBLE PAUSED")
	})
}

func gone(t *testing.T, s *servertest.Stream, why string) {
	t.Helper()
	code, reason := s.Closed(t)
	require.Equal(t, 4403, code)
	require.Equal(t, why, reason)
}

// TestAnIdleSessionEnds: a session that nobody uses ends by itself, one in use does not.
func TestAnIdleSessionEnds(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		id := h.Ben.Viewer.CredentialID
		_, err := h.DB.Write.ExecContext(t.Context(), "UPDATE sessions SET idle_seconds = 3600 WHERE id = "+h.DB.SQL.Placeholder(1), id)
		require.NoError(t, err)
		start := time.Now()
		for _, after := range []time.Duration{50 * time.Minute, 100 * time.Minute, 159 * time.Minute} {
			h.Gate.Now = func() time.Time { return start.Add(after) }
			require.Empty(t, h.enters(t, h.Ben.Token), after)
		}
		h.Gate.Now = func() time.Time { return start.Add(220 * time.Minute) }
		require.Equal(t, "SESSION_EXPIRED", h.enters(t, h.Ben.Token))
		h.Gate.Now = func() time.Time { return start.Add(160 * time.Minute) }
		require.Empty(t, h.enters(t, h.Ben.Token), "it was not idle then")
	})
}

// TestALoginScheduleHoldsForSessionsToo: outside of it nobody works, with the flag set.
func TestALoginScheduleHoldsForSessionsToo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		set := func(schedule string, restricted bool) {
			h.ent.Member.UpdateOneID(h.Ben.ID).SetPermissions(map[string]bool{"restrict_login_to_schedule": restricted}).ExecX(h.ctx)
			_, err := h.DB.Write.ExecContext(t.Context(), "UPDATE members SET login_schedule = "+h.DB.SQL.Placeholder(1)+" WHERE id = "+h.DB.SQL.Placeholder(2), schedule, h.Ben.ID)
			require.NoError(t, err)
		}
		monday := time.Now().UTC()
		for monday.Weekday() != time.Monday {
			monday = monday.AddDate(0, 0, 1)
		}
		h.Gate.Now = func() time.Time { return time.Date(monday.Year(), monday.Month(), monday.Day(), 20, 0, 0, 0, time.UTC) }
		const office = `[{"weekdays":[1,2,3,4,5],"start":"09:00","end":"17:00"}]`
		set(office, true)
		refused := func() *servertest.Answer {
			return (&servertest.Client{URL: h.URL, Token: h.Ben.Token}).Do(t, "{ viewer { name } }", nil)
		}
		a := refused()
		require.Equal(t, 403, a.Status)
		require.Equal(t, "LOGIN_OUTSIDE_SCHEDULE", a.Errors[0].Extensions.Code)
		set(office, false)
		require.Empty(t, refused().Errors)
		set(`[]`, true)
		require.Empty(t, refused().Errors, "no window means always")
	})
}

// TestAnOldSecretsSocketEndsWithTheSecret: a key that was rotated without overlap takes the sockets of the old secret
// along, and leaves those of the new one.
func TestAnOldSecretsSocketEndsWithTheSecret(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		old := watched(t, h.Server, h.Key, h.Pipeline)
		secret := servertest.Must[struct {
			RotateAPIKey struct{ Secret string }
		}](t, &h.Owner.Client, `mutation($id: ID!) { rotateApiKey(input: {id: $id, overlapHours: 0}) { secret } }`, servertest.Vars{"id": h.Key.ID}).RotateAPIKey.Secret
		gone(t, old, "Forbidden: INVALID_API_KEY")
		h.Key.Token = secret
		now := watched(t, h.Server, h.Key, h.Pipeline)
		servertest.Must[any](t, &h.Owner.Client, `mutation($id: ID!) { renameApiKey(input: {id: $id, name: "renamed"}) { revision } }`, servertest.Vars{"id": h.Key.ID})
		_, err := h.CRM.CreateRecord(viewer.NewContext(t.Context(), h.Owner.Viewer), crm.CreateRecordInput{Title: "Small", Priority: "LOW"})
		require.NoError(t, err)
		require.Equal(t, "Small", servertest.Next[boardFrame](t, now).Board.Cards[0].Record.Title)
	})
}

// TestAnOpenSocketIsNoUseOfASession: it does not keep a session alive that nobody works in; what is asked on it does.
func TestAnOpenSocketIsNoUseOfASession(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		h := open(t, dialect)
		seen := func() (at string) {
			require.NoError(t, h.DB.Read.QueryRowContext(t.Context(), "SELECT CAST(last_seen_at AS TEXT) FROM sessions WHERE id = "+h.DB.SQL.Placeholder(1), h.Ben.Viewer.CredentialID).Scan(&at))
			return at
		}
		stream := watched(t, h.Server, h.Ben, h.Pipeline)
		before := seen()
		start := time.Now()
		h.Gate.Now = func() time.Time { return start.Add(time.Hour) }
		h.HTTP.Renew(t.Context(), func(*viewer.Viewer) bool { return true })
		require.Equal(t, before, seen())
		require.NoError(t, h.Gate.Active(t.Context(), h.Ben.Viewer))
		require.NotEqual(t, before, seen())
		h.Gate.Now = func() time.Time { return start.Add(access.SessionLife * 2) }
		h.HTTP.Renew(t.Context(), func(*viewer.Viewer) bool { return true })
		gone(t, stream, "Forbidden: SESSION_EXPIRED")
	})
}
