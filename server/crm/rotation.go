package crm

import (
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/hours"
	"github.com/rapidbott/tideboard/server/row"
)

// roundRobin is the assignment rule by which new records go to the receivers in turn.
const roundRobin = "ROUND_ROBIN"

// recordTurns is the rotation in which records are given to members: new ones and idle ones alike, so that over both
// everybody has as many turns.
const recordTurns = "records"

// recordRules are the settings about records, and the workspace's zone.
type recordRules struct {
	settings RecordSettings
	zone     *time.Location
}

// recordRules reads the settings about records, and the workspace's zone; it looks once.
func (tx *Tx) recordRules() (RecordSettings, *time.Location, error) {
	if tx.rules == nil {
		var stored row.JSON
		var name string
		if err := tx.one(tx.begin().Add("SELECT w.settings, w.timezone FROM workspaces w WHERE ").Own("w"), &stored, &name); err != nil {
			return RecordSettings{}, nil, err
		}
		tx.rules = &recordRules{SettingsOf(stored).Records, zoneOf(name)}
	}
	return tx.rules.settings, tx.rules.zone, nil
}

// zoneOf loads a zone; UTC when there is none of that name any more.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ownerInTurn is who owns a new record that comes without an owner: nobody, or by the rule of the settings the next of
// the receivers. Who takes a turn holds the rotation until the transaction ends.
func (tx *Tx) ownerInTurn() (*string, error) {
	rules, zone, err := tx.recordRules()
	if err != nil || rules.AssignmentRule != roundRobin {
		return nil, err
	}
	list, err := tx.receivers(rules, zone, false)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	last, err := tx.lastTurn()
	if err != nil {
		return nil, err
	}
	next := turn(list, last, "")
	return &next, tx.tookTurn(next)
}

// receivers are the members who can be given records without being asked, by id: active ones with the flag, never a
// PROJECT_MANAGER, within their availability, and online where the settings say so (spec records, section 11). The daily run
// comes before anybody's day begins, so it asks not for the minute but for the day: of who has slots at all, those take part
// who have one on that weekday. Everything else asks for the moment, on days on which somebody has slots. Without any slot
// a member always takes part.
func (tx *Tx) receivers(rules RecordSettings, zone *time.Location, daily bool) ([]string, error) {
	all, err := tx.ent.Member.Query().Where(member.IsActive(true), member.RoleNEQ(member.RolePROJECT_MANAGER)).Order(member.ByID()).All(tx.ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, m := range all {
		if receives(m) && available(m, tx.now, zone, daily) {
			ids = append(ids, m.ID)
		}
	}
	if !rules.AutoReassignRequireOnline || len(ids) == 0 {
		return ids, nil
	}
	online := map[string]bool{}
	if tx.Online != nil {
		if online, err = tx.Online(tx.seen, ids); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return !online[id] }), nil
}

// receives tells whether a member can be given records at all.
func receives(m *ent.Member) bool {
	return canWork(m) && permsOf(m)&viewer.AutoAssignedRecords != 0
}

// available tells whether a moment is within a member's slots, if there are any on its day; or, for all of a day, whether
// one of them is on it. Slots without a zone are read in the member's, else in the workspace's.
func available(m *ent.Member, at time.Time, zone *time.Location, allDay bool) bool {
	if m.Timezone != nil {
		zone = zoneOf(*m.Timezone)
	}
	if allDay {
		return hours.OnDay(m.Availability, at, zone)
	}
	return hours.Available(m.Availability, at, zone)
}

// turn is whose turn it is after somebody's: the next in the order of ids, from the beginning after the last one, but not
// this one; empty when there is nobody else.
func turn(ids []string, last, not string) string {
	start, found := slices.BinarySearch(ids, last)
	if found {
		start++
	}
	for i := range ids {
		if id := ids[(start+i)%len(ids)]; id != not {
			return id
		}
	}
	return ""
}

// lastTurn is whose turn the last one was, held until the transaction ends; empty when there was none.
func (tx *Tx) lastTurn() (last string, err error) {
	return last, tx.one(tx.begin().Hold("rotations", []string{"name"}, []string{"member_id", "updated_at"}, recordTurns, "", tx.now).
		Add(" RETURNING member_id"), &last)
}

// tookTurn keeps whose turn the last one was.
func (tx *Tx) tookTurn(id string) error {
	_, err := tx.run(tx.begin().Upsert("rotations", []string{"name"}, []string{"member_id", "updated_at"}, recordTurns, id, tx.now))
	return err
}
