package crm

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

const (
	// memberAge is how old the copy of the partner's list may be (spec access, section 6).
	memberAge = 5 * time.Minute
	// memberPatience bounds how long a read waits for the partner; then it serves the copy.
	memberPatience = 10 * time.Second
)

// MemberSource is whoever knows the members of the partner's workspaces: all of one, or an error, never a part.
type MemberSource interface {
	AllMembers(ctx context.Context, partnerWorkspaceID string) ([]PartnerMember, error)
}

// Roster keeps the copy of the partner's members fresh. It is safe for concurrent use; at any time at most one refresh
// of a workspace is under way in a process.
type Roster struct {
	Service *Service
	// Source is nil where there is no partner; then the copy is all there is.
	Source MemberSource
	Logger *slog.Logger

	flights singleflight.Group
}

// Freshness is how fresh the copy of the partner's members is.
type Freshness struct {
	// Stale: the copy is older than five minutes and the partner did not answer.
	Stale bool
	// SyncedAt is when the list was last copied; nil when it never was.
	SyncedAt *time.Time
}

// Fresh renews the copy of the viewer's workspace if it is too old. What the partner does wrong is logged and makes the
// copy stale; it is no error. An empty list is not believed: who is missing from it would lose access.
func (r *Roster) Fresh(ctx context.Context) (Freshness, error) {
	v := viewer.FromContext(ctx)
	if v == nil || v.WorkspaceID == "" {
		return Freshness{}, fault.New(fault.Unauthenticated, "nobody is asking")
	}
	now, err := r.look(ctx, v)
	if err != nil || now.fresh(r.Service.Now()) || r.Source == nil {
		return Freshness{SyncedAt: now.at}, err
	}
	_, err, _ = r.flights.Do(v.WorkspaceID, func() (any, error) {
		detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), memberPatience) // others wait for it too
		defer cancel()
		return nil, r.renew(detached, v)
	})
	if err != nil {
		r.Logger.WarnContext(ctx, "the partner's members cannot be copied", "workspace", v.WorkspaceID, "err", err)
		return Freshness{Stale: true, SyncedAt: now.at}, nil
	}
	now, err = r.look(ctx, v)
	return Freshness{SyncedAt: now.at}, err
}

// renew copies the list, unless somebody else just did.
func (r *Roster) renew(ctx context.Context, v *viewer.Viewer) error {
	c, err := r.look(ctx, v)
	if err != nil || c.fresh(r.Service.Now()) {
		return err
	}
	list, err := r.Source.AllMembers(ctx, c.partnerID)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return errEmptyList
	}
	return r.Service.SyncMembers(ctx, v.WorkspaceID, list, c.roles)
}

var errEmptyList = errors.New("the partner names no member at all")

// copied is what is known of the copy of a workspace's members.
type copied struct {
	partnerID string
	at        *time.Time
	roles     func(string) viewer.Role
}

func (c copied) fresh(now time.Time) bool { return c.at != nil && now.Sub(*c.at) < memberAge }

func (r *Roster) look(ctx context.Context, v *viewer.Viewer) (c copied, err error) {
	b := scope.New(v, r.Service.DB.SQL).Add("SELECT w.partner_workspace_id, w.members_synced_at, w.settings FROM workspaces w WHERE ").Own("w")
	text, args := b.SQL()
	var settings row.JSON
	err = r.Service.DB.QueryRow(ctx, text, args...).Scan(&c.partnerID, row.UTCOrNull(&c.at), &settings)
	c.roles = SettingsOf(settings).Access.NewRole
	return c, err
}
