package e2e_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/rapidbott/tideboard/server/servertest"
)

// story is what Olivia does to the board, and what Chloe must see of it.
type story struct {
	*process
	dice   *rand.Rand
	her    string
	owners map[string]string // of the cards made here; "" is nobody
	cards  []string
	number int
	sights []sight
}

type sight struct {
	revision         int
	id, kind, reason string
}

func (s *story) step() {
	s.t.Helper()
	if len(s.cards) < 5 || s.dice.IntN(6) == 0 {
		s.made(s.anybody())
		return
	}
	at := s.dice.IntN(len(s.cards))
	id := s.cards[at]
	hers := s.owners[id] == s.her
	switch s.dice.IntN(8) {
	case 0:
		s.saw(hers, id, "LEFT", "DELETED", s.command("deleteRecord", "DeleteRecordInput", servertest.Vars{"id": id}))
		s.cards = append(s.cards[:at], s.cards[at+1:]...)
	case 1, 2:
		stages := s.demo.Pipelines[0].Stages
		stage := stages[s.dice.IntN(2)].ID
		end := []string{"TOP", "BOTTOM"}[s.number%2]
		before := s.head()
		after := s.command("moveRecord", "MoveRecordInput", servertest.Vars{"recordId": id, "toStageId": stage, "toEnd": end})
		s.saw(hers && after > before, id, "MOVED", "", after) // the same place again is no commit
	case 3, 4:
		s.saw(hers, id, "UPDATED", "", s.command("updateRecord", "UpdateRecordInput", servertest.Vars{"id": id, "title": s.title(s.owners[id])}))
	default:
		s.assign(id, hers)
	}
}

// assign gives a card to somebody; its title is changed while nobody but Olivia may read it.
func (s *story) assign(id string, hers bool) {
	s.t.Helper()
	to := s.anybody()
	if to == s.owners[id] {
		return
	}
	fields := servertest.Vars{"id": id, "ownerId": nil, "title": s.title(to)}
	if to != "" {
		fields["ownerId"] = to
	}
	revision := s.command("updateRecord", "UpdateRecordInput", fields)
	s.owners[id] = to
	s.saw(hers, id, "LEFT", "PERMISSION", revision)
	s.saw(to == s.her, id, "ENTERED", "PERMISSION", revision)
}

func (s *story) made(owner string) {
	s.t.Helper()
	fields := servertest.Vars{}
	if owner != "" {
		fields["ownerId"] = owner
	}
	id, revision := s.makeCard(s.title(owner), fields)
	s.owners[id], s.cards = owner, append(s.cards, id)
	s.saw(owner == s.her, id, "ENTERED", "CREATED", revision)
}

func (s *story) saw(sees bool, id, kind, reason string, revision int) {
	if sees {
		s.sights = append(s.sights, sight{revision, id, kind, reason})
	}
}

// anybody is a member, Chloe as often as all others together, or nobody.
func (s *story) anybody() string {
	switch n := s.dice.IntN(8); {
	case n < 4:
		return s.her
	case n < 7:
		return s.demo.Members[s.dice.IntN(3)].ID
	}
	return ""
}

func (s *story) title(owner string) string {
	s.number++
	if owner == s.her {
		return fmt.Sprintf("Plain %d", s.number)
	}
	return fmt.Sprintf("secret %d", s.number)
}

func (s *story) head() int {
	s.t.Helper()
	return servertest.Must[struct {
		Workspace struct {
			Revision int `json:",string"`
		}
	}](s.t, s.client(0), `{ workspace { revision } }`, nil).Workspace.Revision
}

// command runs a mutation as Olivia and gives its revision.
func (s *story) command(name, input string, in servertest.Vars) int {
	s.t.Helper()
	a := servertest.Must[map[string]struct {
		Revision int `json:",string"`
	}](s.t, s.client(0), fmt.Sprintf("mutation ($in: %s!) { %s(input: $in) { revision } }", input, name), servertest.Vars{"in": in})
	return a[name].Revision
}
