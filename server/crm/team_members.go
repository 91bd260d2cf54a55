package crm

import (
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/team"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

// maxTeamsOfOne is how many teams a member belongs to at most.
const maxTeamsOfOne = 20

// join takes members into a team; who belongs to it already stays as is. `at` names the place of the i-th in the input.
func (tx *Tx) join(teamID string, ids []string, at func(i int) string) error {
	for i, id := range ids {
		m, err := tx.member(at(i), id)
		if err != nil {
			return err
		}
		if !m.IsActive {
			return fault.At(at(i), fault.ValidationFailed, "%s is not an active member", id)
		}
		if slices.Contains(m.TeamIds, teamID) {
			continue
		}
		if len(m.TeamIds) >= maxTeamsOfOne {
			return fault.At(at(i), fault.LimitExceeded, "a member belongs to at most %d teams", maxTeamsOfOne)
		}
		if err := tx.setTeams(m, append(slices.Clone(m.TeamIds), teamID)); err != nil {
			return err
		}
	}
	return nil
}

// leave takes a member out of a team and tells whether it was in there.
func (tx *Tx) leave(field, teamID, id string) (bool, error) {
	m, err := tx.member(field, id)
	if err != nil || !slices.Contains(m.TeamIds, teamID) {
		return false, err
	}
	return true, tx.setTeams(m, without(m.TeamIds, teamID))
}

// setTeams writes the teams of a member, if they differ.
func (tx *Tx) setTeams(m *ent.Member, ids []string) error {
	if slices.Equal(m.TeamIds, ids) {
		return nil
	}
	next := *m
	next.TeamIds = ids
	_, err := tx.saveMember(m, next)
	return err
}

// unlead takes the lead of teams from a member.
func (tx *Tx) unlead(memberID string, teamIDs []string) error {
	led, err := tx.ent.Team.Query().Where(team.LeadID(memberID), team.IDIn(teamIDs...), team.DeletedAtIsNil(), tx.lock).Order(team.ByID()).All(tx.seen)
	if err != nil {
		return err
	}
	for _, t := range led {
		next := *t
		next.LeadID = nil
		if _, err := tx.saveTeam(t, next); err != nil {
			return err
		}
	}
	return nil
}

// teams checks that these are live teams of the workspace, which stay so until the transaction ends.
func (tx *Tx) teams(field string, ids []string) error {
	for i, id := range ids {
		if err := wrongKind(pathOf(field, i), typeid.Team, id); err != nil {
			return err
		}
		_, err := tx.ent.Team.Query().Where(team.ID(id), team.DeletedAtIsNil(), tx.share).Only(tx.seen)
		if err != nil {
			return missing(err, pathOf(field, i), typeid.Team, id)
		}
	}
	return nil
}

func without(list []string, drop string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == drop })
}
