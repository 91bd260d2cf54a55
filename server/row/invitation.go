package row

import (
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// Invitation asks a person to join. Its token is not part of it.
type Invitation struct {
	ID        string      `json:"id"`
	Email     string      `json:"email"`
	Role      viewer.Role `json:"role"`
	TeamIDs   []string    `json:"team_ids"`
	State     string      `json:"state"`
	ExpiresAt time.Time   `json:"expires_at"`
	InvitedBy Actor       `json:"invited_by"`
	MemberID  *string     `json:"member_id"`
	Version   int         `json:"version"`
	CreatedAt time.Time   `json:"created_at"`
}

// InvitationColumns are the columns of Dest, in its order.
var InvitationColumns = cols("id email role team_ids state expires_at invited_by member_id version created_at")

// Dest gives what to scan InvitationColumns into.
func (i *Invitation) Dest() []any {
	return []any{&i.ID, &i.Email, &i.Role, (*Strings)(&i.TeamIDs), &i.State, utc{&i.ExpiresAt}, &i.InvitedBy, &i.MemberID, &i.Version, utc{&i.CreatedAt}}
}

// At is the invitation as it stands at a moment: a pending one whose term has passed is over, told or not.
func (i *Invitation) At(now time.Time) *Invitation {
	if i.State == "PENDING" && !now.Before(i.ExpiresAt) {
		over := *i
		over.State = "EXPIRED"
		return &over
	}
	return i
}
