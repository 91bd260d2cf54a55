package demo

import (
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
)

// who does a step: a member by the place in staff, or one of the others.
type who int

const (
	olivia who = iota
	amara
	ben
	chloe
	// chatbot is the partner's platform, importer is Amara with a file.
	chatbot
	importer
	nobody who = -1
)

// staff are the members; the first owns the workspace.
var staff = []crm.NewMember{
	{FirstName: "Olivia", LastName: "Hart", Email: "olivia.hart@example.com", Role: viewer.Owner},
	{FirstName: "Amara", LastName: "Nwosu", Email: "amara.nwosu@example.com", Role: viewer.Admin},
	{FirstName: "Ben", LastName: "Okafor", Email: "ben.okafor@example.com", Role: viewer.AgentRole},
	{FirstName: "Chloe", LastName: "Lindqvist", Email: "chloe.lindqvist@example.com", Role: viewer.AgentRole,
		Permissions: map[string]bool{"can_see_all_records": false}},
}

// owners says who has how large a share of the records.
var owners = []who{ben, ben, ben, ben, ben, ben, chloe, chloe, chloe, chloe, chloe, olivia, olivia, amara, amara, amara, nobody, nobody, nobody, nobody}

// openers see every record.
var openers = []who{ben, ben, amara, olivia}

// hand picks who does something to a record of an owner: mostly that owner. Chloe sees only what is hers.
func (p *plan) hand(owner who) who {
	if owner != nobody && p.chance(78) {
		return owner
	}
	return pick(p.dice, openers)
}

// id is an owner as the commands take it.
func (l *loader) id(w who) *string {
	if w == nobody {
		return nil
	}
	return &l.persons[w]
}
