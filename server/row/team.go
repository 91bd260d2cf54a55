package row

import "time"

// Team is a group of members; who belongs to it stands in the members' team ids.
type Team struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	LeadID    *string    `json:"lead_id"`
	Version   int        `json:"version"`
	CreatedBy Actor      `json:"created_by"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	DeletedAt *time.Time `json:"deleted_at"`
}

// TeamColumns are the columns of Dest, in its order.
var TeamColumns = cols("id name lead_id version created_by created_at updated_at deleted_at")

// Dest gives what to scan TeamColumns into.
func (t *Team) Dest() []any {
	return []any{&t.ID, &t.Name, &t.LeadID, &t.Version, &t.CreatedBy, utc{&t.CreatedAt}, utc{&t.UpdatedAt}, utcPtr{&t.DeletedAt}}
}

// IsNode marks an object with a global id.
func (Team) IsNode() {}

// Key is the id.
func (t *Team) Key() string { return t.ID }
