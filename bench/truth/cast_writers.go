package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/rapidbott/tideboard/bench/truth/wire"
	"github.com/rapidbott/tideboard/bench/truth/writer"
)

// mark begins the marks of all commands of the run.
func (r *round) mark() string { return fmt.Sprintf("truth-%x", uint32(r.config.seed)) }

// subjects are the members whose right to see all records changes during the run: who begins without it, and one who
// begins with it.
func (r *round) subjects() []wire.Credential {
	out := r.demo.Restricted()
	if sighted := r.demo.Sighted(); len(sighted) > 0 {
		out = append(out, sighted[len(sighted)-1])
	}
	return out
}

// castSteward makes the owner who changes rights.
func (r *round) castSteward(owner wire.Credential) *writer.Steward {
	s := &writer.Steward{Book: &r.rights, Every: max(1, min(25, r.config.commits/40)), Writer: &writer.Writer{
		Number: r.config.writers, Who: owner, Mark: r.mark(), Fleet: r.fleet, Court: r.court, Ledger: r.ledger,
		Directory: r.directory, Gate: &r.gate, Enough: &r.enough,
	}}
	for _, m := range r.subjects() {
		s.Subjects = append(s.Subjects, m.MemberID)
	}
	return s
}

// castWriters makes the writers: members and the key in turn, as far as they may write.
func (r *round) castWriters(ctx context.Context, client *wire.Client, random *rand.Rand) ([]*writer.Writer, error) {
	owner, err := r.demo.Owner()
	if err != nil {
		return nil, err
	}
	credentials := []wire.Credential{owner}
	for _, who := range r.demo.Sighted() {
		if !r.rights.Follows(who.MemberID) { // what it may write would change with what it may see
			credentials = append(credentials, who)
		}
	}
	if r.demo.APIKey != "" {
		credentials = append(credentials, wire.Key(r.demo.APIKey))
	}
	type hand struct {
		who    wire.Credential
		viewer *wire.Viewer
	}
	var hands []hand
	for _, who := range credentials {
		viewer, err := client.Viewer(ctx, r.fleet.Pick(random), who)
		if err != nil {
			return nil, fmt.Errorf("ask who %s is: %w", who.Name, err)
		}
		for _, p := range viewer.Permissions {
			if p == "CAN_EDIT_CRM" {
				hands = append(hands, hand{who, viewer})
			}
		}
	}
	if len(hands) == 0 {
		return nil, fmt.Errorf("no credential of the demo workspace may write")
	}
	var members []string
	for _, m := range r.demo.Members {
		members = append(members, m.ID)
		if !m.SeesAll {
			members = append(members, m.ID) // twice as often: its board is the smallest
		}
	}
	var out []*writer.Writer
	for i := range r.config.writers {
		h := hands[i%len(hands)]
		out = append(out, &writer.Writer{
			Number: i, Who: h.who, Permissions: h.viewer.Permissions, Members: members, Currency: h.viewer.Workspace.DefaultCurrency,
			Mark: r.mark(), Fleet: r.fleet, Court: r.court, Ledger: r.ledger,
			Directory: r.directory, Gate: &r.gate, Enough: &r.enough,
		})
	}
	return out, nil
}
