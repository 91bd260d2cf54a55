package row

import "time"

// SavedView is a way of looking at records that a member has given a name.
type SavedView struct {
	ID         string
	OwnerID    string
	Name       string
	PipelineID *string
	// View is KANBAN, LIST or FLOW.
	View string
	// Filter is as it was given; empty for none.
	Filter    JSON
	Sort      []ViewSort
	Columns   []string
	IsShared  bool
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int
}

// ViewSort is a key by which a saved view sorts.
type ViewSort struct {
	Field     string `json:"field"`
	Direction string `json:"direction"`
	Nulls     string `json:"nulls"`
}

// SavedViewColumns are the columns of Dest, in its order.
var SavedViewColumns = cols("id owner_id name pipeline_id view filter sort columns is_shared created_at updated_at version")

// Dest gives what to scan SavedViewColumns into.
func (v *SavedView) Dest() []any {
	return []any{&v.ID, &v.OwnerID, &v.Name, &v.PipelineID, &v.View, &v.Filter, jsonOf{&v.Sort}, (*Strings)(&v.Columns), &v.IsShared,
		utc{&v.CreatedAt}, utc{&v.UpdatedAt}, &v.Version}
}
