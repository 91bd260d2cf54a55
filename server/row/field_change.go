package row

import (
	"strings"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// FieldChange is what one commit did to one field of a record. From and To are the field's values as JSON, null where
// there was, or is, none.
type FieldChange struct {
	Revision Revision
	At       time.Time
	Actor    Actor
	Source   viewer.Source
	Field    string
	From     JSON
	To       JSON

	Cursor string
}

// FieldChangeEdge is a change of a field with its cursor.
type FieldChangeEdge struct{ Edge[*FieldChange] }

// FieldChangeConnection is a page of a record's changes, newest first. IsComplete tells whether the log still reaches
// back to the record's making.
type FieldChangeConnection struct {
	Nodes      []*FieldChange
	PageInfo   PageInfo
	IsComplete bool
}

// Edges pairs the changes with their cursors.
func (c FieldChangeConnection) Edges() (out []FieldChangeEdge) {
	for _, n := range c.Nodes {
		out = append(out, FieldChangeEdge{Edge[*FieldChange]{n.Cursor, n}})
	}
	return out
}

// FieldName is a stored column as the API spells it.
func FieldName(column string) string {
	parts := strings.Split(column, "_")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
	}
	return strings.Join(parts, "")
}
