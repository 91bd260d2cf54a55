package access

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/row"
)

// touch is how exact last_seen_at is kept.
const touch = time.Minute

// Session lets a member in by a session token. SESSION_EXPIRED when it is not known, over, idle for too long or ended, or
// the member is not active any more; WORKSPACE_NOT_ELIGIBLE and LOGIN_OUTSIDE_SCHEDULE when that is so now.
func (g *Gate) Session(ctx context.Context, token string) (*viewer.Viewer, error) {
	if !strings.HasPrefix(token, SessionPrefix) {
		return nil, sessionOver()
	}
	return g.sessionBy(ctx, "s.token_hash", Hash(token), true)
}

func sessionOver() error { return fault.New(fault.SessionExpired, "the session is over; log in again") }

// sitting is a session with its member and workspace, as stored.
type sitting struct {
	viewer      viewer.Viewer
	first, last string
	overrides   row.JSON
	teams       row.Strings
	schedule    row.JSON
	active      bool
	idle        int
	seen        time.Time
	revoked     sql.Null[any]
	pipelines   row.Strings
	narrowed    sql.Null[viewer.Role]
	tenant      premises
}

func (g *Gate) sessionBy(ctx context.Context, column, value string, used bool) (*viewer.Viewer, error) {
	s := &sitting{}
	v := &s.viewer
	dest := append([]any{&v.CredentialID, row.UTC(&v.ExpiresAt), &s.revoked, &s.idle, row.UTC(&s.seen), row.UTC(&v.AuthenticatedAt),
		&s.pipelines, &v.ReadOnly, &s.narrowed, &v.ID, &s.first, &s.last, &v.Role, &s.overrides, &s.teams, &s.schedule, &s.active}, s.tenant.dest()...)
	err := g.DB.QueryRow(ctx, `SELECT s.id, s.expires_at, s.revoked_at, s.idle_seconds, s.last_seen_at, s.authenticated_at, s.pipeline_ids, s.read_only, s.role,
		m.id, m.first_name, m.last_name, m.role, m.permissions, m.team_ids, m.login_schedule, m.is_active, `+premisesColumns+`
		FROM sessions s JOIN members m ON m.workspace_id = s.workspace_id AND m.id = s.member_id JOIN workspaces w ON w.id = s.workspace_id
		WHERE `+column+` = `+g.DB.SQL.Placeholder(1), value).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, sessionOver()
	}
	if err != nil {
		return nil, err
	}
	return g.admit(ctx, s, used)
}

// admit makes a viewer of a session that holds; `used` says that its holder does something with it.
func (g *Gate) admit(ctx context.Context, s *sitting, used bool) (*viewer.Viewer, error) {
	now := g.Now().UTC()
	v := &s.viewer
	if idle := time.Duration(s.idle) * time.Second; s.revoked.Valid || !s.active || !now.Before(v.ExpiresAt) || now.Sub(s.seen) >= idle {
		return nil, sessionOver()
	}
	v.Kind, v.Source, v.Name = viewer.Member, viewer.UI, strings.TrimSpace(s.first+" "+s.last)
	v.Narrowed = s.narrowed.V
	standing := viewer.Standing{Role: v.Role, Teams: s.teams, Overrides: map[string]bool{}}
	if len(s.overrides) > 0 {
		if err := json.Unmarshal(s.overrides, &standing.Overrides); err != nil {
			return nil, err
		}
	}
	var mates []string
	if v.Role == viewer.TeamAdmin {
		var err error
		if mates, err = g.mates(ctx, s.tenant.mirror.WorkspaceID, v.ID, s.teams); err != nil {
			return nil, err
		}
	}
	v = v.As(standing, mates)
	if len(s.pipelines) > 0 {
		v.PipelineIDs = s.pipelines
	}
	if err := withinHours(v, s.schedule, s.tenant.timezone, now); err != nil {
		return nil, err
	}
	if used && now.Sub(s.seen) >= touch {
		if err := g.seen(ctx, v.CredentialID, now); err != nil {
			return nil, err
		}
	}
	return g.enter(ctx, v, s.tenant)
}

// withinHours refuses a member who may log in at other hours, read in the workspace's zone.
func withinHours(v *viewer.Viewer, schedule row.JSON, zone string, now time.Time) error {
	if !v.Can(viewer.RestrictLogin) || len(schedule) == 0 {
		return nil
	}
	var slots []hours.Slot
	if err := json.Unmarshal(schedule, &slots); err != nil {
		return err
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	if !hours.Open(slots, now, place) {
		return fault.New(fault.OutsideSchedule, "the login schedule does not allow this now")
	}
	return nil
}

// mates lists a member and those who are in a team with it.
func (g *Gate) mates(ctx context.Context, workspaceID, memberID string, teams []string) ([]string, error) {
	out := []string{memberID}
	if len(teams) == 0 {
		return out, nil
	}
	rows, err := g.DB.Query(ctx, "SELECT id, team_ids FROM members WHERE workspace_id = "+g.DB.SQL.Placeholder(1)+" AND team_ids IS NOT NULL", workspaceID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var theirs row.Strings
		if err := rows.Scan(&id, &theirs); err != nil {
			return nil, err
		}
		if id != memberID && viewer.Together(teams, theirs) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, rows.Err()
}

// Active notes that a member does something on a socket that it holds open: that a socket is open is no use of a session.
func (g *Gate) Active(ctx context.Context, v *viewer.Viewer) error {
	if v.MemberID() == "" {
		return nil
	}
	return g.seen(ctx, v.CredentialID, g.Now().UTC())
}

// seen notes that a session is in use.
func (g *Gate) seen(ctx context.Context, id string, now time.Time) error {
	p := g.DB.SQL.Placeholder
	_, err := g.DB.Write.ExecContext(ctx, "UPDATE sessions SET last_seen_at = "+p(1)+" WHERE id = "+p(2)+" AND last_seen_at < "+p(3), now, id, now)
	return err
}
