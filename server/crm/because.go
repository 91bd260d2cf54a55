package crm

import (
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/span"
)

// because notes what the histories shall tell about a change of a record's owner in this transaction, beside what the
// change itself tells: that a rule made it, and what the person said about it.
func (tx *Tx) because(recordID string, n span.Note) {
	if tx.notes == nil {
		tx.notes = map[string]span.Note{}
	}
	tx.notes[recordID] = n
}

// memorize writes the stays and ownerships that follow from what the transaction changed.
func (tx *Tx) memorize(changes []*changelog.Change) error {
	w := &span.Writer{Tx: tx.sql, SQL: tx.DB.SQL, Viewer: tx.viewer, Now: tx.now, NewID: tx.NewID, Notes: tx.notes}
	return w.Write(tx.ctx, changes)
}
