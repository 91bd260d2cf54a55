package crm

import (
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// departures are the kinds of change by which a card leaves a stage.
var departures = []string{"record.stage.changed", "record.pipeline.changed", "record.deleted"}

// lookBack is how many departures of a card are considered.
const lookBack = 20

// lastSeen is where a card was in a stage when it left it last, as the log tells: between those that are still there of the
// cards that were above and below it. found is false when the log tells of no such departure that the viewer could see.
func (tx *Tx) lastSeen(stageID, of string, moving []string) (g gap, found bool, err error) {
	was, err := tx.departed(stageID, of)
	if err != nil || was == nil {
		return g, false, err
	}
	g.placedBy = placedLastSeen
	above, err := tx.neighbours(tx.others(stageID, moving).Add(" AND r.rank <= ? ORDER BY r.rank DESC LIMIT 1", was.Rank))
	if err != nil {
		return g, false, err
	}
	below, err := tx.neighbours(tx.others(stageID, moving).Add(" AND r.rank > ? ORDER BY r.rank LIMIT 1", was.Rank))
	for _, n := range above {
		g.low = n
	}
	for _, n := range below {
		g.high = n
	}
	return g, true, err
}

// departed is a record as it was when it left a stage last; nil when the viewer could not have seen it there.
func (tx *Tx) departed(stageID, id string) (*row.Record, error) {
	b := tx.begin().Add("SELECT c.before, c.after FROM changes c WHERE ").Workspace("c").Add(" AND c.entity_id = ? AND ", id).
		In("c.kind", departures).Add(" ORDER BY c.revision DESC, c.ordinal DESC LIMIT ?", lookBack)
	text, args := b.SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var before, after row.JSON
		if err := rows.Scan(&before, &after); err != nil {
			return nil, err
		}
		was, is := changelog.Decode[row.Record](before), changelog.Decode[row.Record](after)
		if was == nil || is == nil || was.StageID != stageID || is.StageID == stageID && is.DeletedAt == nil {
			continue
		}
		if !scope.SeesRecord(tx.viewer, was) {
			return nil, nil
		}
		return was, rows.Err()
	}
	return nil, rows.Err()
}
