package crm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
)

// Kind is what a plan can have a cap on.
type Kind string

// The kinds that have caps.
const (
	Contacts Kind = "CONTACTS"
	Records  Kind = "RECORDS"
	// Members are those who are active.
	Members Kind = "MEMBERS"
	// Storage is in bytes: the texts of records, contacts, companies and tasks.
	Storage Kind = "STORAGE"
)

// Kinds are all of them, in the order of an answer.
var Kinds = []Kind{Contacts, Records, Members, Storage}

// Caps are a plan's caps; a kind without one has room for any number.
type Caps map[Kind]int64

// Plans are the caps of plans, by the partner's plan code.
type Plans map[string]Caps

// ParsePlans reads caps as a deployment writes them: a JSON object of plan codes, each with any of contacts, records,
// members and storage (bytes); null or absent is no cap. An empty text has no plans. Anything else is refused.
func ParsePlans(text string) (Plans, error) {
	if text == "" {
		return nil, nil
	}
	var in map[string]struct{ Contacts, Records, Members, Storage *int64 }
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("the caps of plans: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("the caps of plans: more than one JSON object")
	}
	plans := Plans{}
	for code, c := range in {
		plans[code] = Caps{}
		for kind, cap := range map[Kind]*int64{Contacts: c.Contacts, Records: c.Records, Members: c.Members, Storage: c.Storage} {
			if cap == nil {
				continue
			}
			if *cap < 0 {
				return nil, fmt.Errorf("the caps of plans: %s of %q is below 0", kind, code)
			}
			plans[code][kind] = *cap
		}
	}
	return plans, nil
}

// cap tells whether any plan has a cap on a kind.
func (p Plans) cap(k Kind) bool {
	for _, caps := range p {
		if _, ok := caps[k]; ok {
			return true
		}
	}
	return false
}

// room says that the transaction makes a row of a kind, with a running number that is at least the count of all there
// are; 0 when it has none. When all is written it is refused with LIMIT_EXCEEDED if the plan has no room for it. Without
// a cap on the kind in any plan that costs nothing; with one, it costs a look at the plan, and a count only when the
// running number has passed the cap.
func (tx *Tx) room(k Kind, number int) {
	if !tx.Plans.cap(k) && (k == Members || !tx.Plans.cap(Storage)) {
		return
	}
	if tx.made == nil {
		tx.made = map[Kind]int{}
		tx.settle(tx.fits)
	}
	if have, ok := tx.made[k]; !ok || have < number {
		tx.made[k] = number
	}
}

// fits refuses what the plan has no room for. It runs while the workspace is held, so that of two that come at once for
// the last place one is refused.
func (tx *Tx) fits() error {
	caps, err := tx.caps()
	if err != nil || len(caps) == 0 {
		return err
	}
	texts := false
	for k, number := range tx.made {
		texts = texts || k != Members
		if cap, ok := caps[k]; !ok || k == Storage || (number > 0 && int64(number) <= cap) {
			continue
		}
		if err := tx.within(k, caps[k]); err != nil {
			return err
		}
	}
	if cap, ok := caps[Storage]; ok && texts {
		return tx.within(Storage, cap)
	}
	return nil
}

func (tx *Tx) within(k Kind, cap int64) error {
	used, err := tx.used(k)
	if err == nil && used > cap {
		err = fault.New(fault.LimitExceeded, "the plan has room for %d %s", cap, units[k])
	}
	return err
}

var units = map[Kind]string{Contacts: "contacts", Records: "records", Members: "active members", Storage: "bytes of texts"}

// caps are those of the workspace's plan.
func (tx *Tx) caps() (Caps, error) { return tx.Plans.of(tx.begin, tx.one) }

func (tx *Tx) used(k Kind) (n int64, err error) {
	return n, tx.one(measure(tx.begin(), k), &n)
}

// of reads a workspace's plan and gives its caps.
func (p Plans) of(begin func() *scope.Builder, one func(*scope.Builder, ...any) error) (Caps, error) {
	var code *string
	err := one(begin().Add("SELECT w.plan_code FROM workspaces w WHERE ").Own("w"), &code)
	if err != nil || code == nil {
		return nil, err
	}
	return p[*code], nil
}

// measure writes the statement that tells how much of a kind a workspace has.
func measure(b *scope.Builder, k Kind) *scope.Builder {
	switch k {
	case Contacts:
		return b.Add("SELECT COUNT(*) FROM contacts c WHERE ").Workspace("c").Add(" AND c.deleted_at IS NULL")
	case Records:
		return b.Add("SELECT COUNT(*) FROM records r WHERE ").Workspace("r").Add(" AND r.deleted_at IS NULL")
	case Members:
		return b.Add("SELECT COUNT(*) FROM members m WHERE ").Workspace("m").Add(" AND m.is_active")
	}
	return b.Add(`SELECT COALESCE(SUM(x.n), 0) FROM (SELECT octet_length(r.search_text) + octet_length(COALESCE(r.description, '')) +
		octet_length(COALESCE(CAST(r.custom_fields AS TEXT), '')) AS n FROM records r WHERE `).Workspace("r").Add(` AND r.deleted_at IS NULL
		UNION ALL SELECT octet_length(c.search_text) + octet_length(COALESCE(c.description, '')) AS n FROM contacts c WHERE `).Workspace("c").
		Add(` AND c.deleted_at IS NULL
		UNION ALL SELECT octet_length(o.search_text) + octet_length(COALESCE(CAST(o.custom_fields AS TEXT), '')) AS n
		FROM companies o WHERE `).Workspace("o").Add(` AND o.deleted_at IS NULL
		UNION ALL SELECT octet_length(t.search_text) AS n FROM tasks t WHERE `).Workspace("t").Add(" AND t.deleted_at IS NULL) x")
}

// Usage is how much of a kind a workspace has, and how much it may have.
type Usage struct {
	Kind Kind
	Have int64
	// Cap is nil where there is none.
	Cap *int64
}

// Used is how much there is, as a decimal.
func (u *Usage) Used() string { return strconv.FormatInt(u.Have, 10) }

// Limit is the cap as a decimal; nil where there is none.
func (u *Usage) Limit() *string {
	if u.Cap == nil {
		return nil
	}
	s := strconv.FormatInt(*u.Cap, 10)
	return &s
}

// Percent is used / limit × 100; nil without a cap, and with a cap of 0, of which nothing can be a share.
func (u *Usage) Percent() *float64 {
	if u.Cap == nil || *u.Cap == 0 {
		return nil
	}
	p := float64(u.Have) / float64(*u.Cap) * 100
	return &p
}

// Usage tells how much of each kind the workspace has. Any member may ask.
func (s *Service) Usage(ctx context.Context) (out []*Usage, err error) {
	if err := attends(ctx); err != nil {
		return nil, err
	}
	begin := func() *scope.Builder { return scope.New(viewer.FromContext(ctx), s.DB.SQL) }
	one := func(b *scope.Builder, dest ...any) error {
		text, args := b.SQL()
		return s.DB.QueryRow(ctx, text, args...).Scan(dest...)
	}
	caps, err := s.Plans.of(begin, one)
	if err != nil {
		return nil, err
	}
	for _, k := range Kinds {
		u := &Usage{Kind: k}
		if cap, ok := caps[k]; ok {
			u.Cap = &cap
		}
		if err := one(measure(begin(), k), &u.Have); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}
