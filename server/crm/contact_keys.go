package crm

import (
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
)

// The kinds of keys that contacts are found by, the strongest first (spec contacts, section 6).
const (
	byExternalID = "EXTERNAL_ID"
	byUserNs     = "USER_NS"
	byEmail      = "EMAIL"
	byPhone      = "PHONE"
)

// contactKey is a normalised value that a contact can be found by.
type contactKey struct{ kind, key string }

// keysOf lists what a contact can be found by: nothing when it is deleted, or was not there.
func keysOf(c *row.Contact) (out []contactKey) {
	if c == nil || c.DeletedAt != nil {
		return nil
	}
	for kind, key := range map[string]*string{byExternalID: c.ExternalID, byUserNs: c.UserNs} {
		if key != nil {
			out = append(out, contactKey{kind, *key})
		}
	}
	for _, e := range c.Emails {
		out = append(out, contactKey{byEmail, e})
	}
	for _, p := range c.Phones {
		out = append(out, contactKey{byPhone, fold.Digits(p)})
	}
	slices.SortFunc(out, func(a, b contactKey) int { return strings.Compare(a.kind+a.key, b.kind+b.key) })
	return slices.Compact(out)
}

// keyFields are the fields of a contact that its keys follow from.
var keyFields = []string{"external_id", "user_ns", "emails", "phones", "deleted_at"}

// keepKeys brings the table of keys up to what the log says of contacts since it was last asked. It reads the log, not
// the commands: whatever writes a contact, its keys follow. It runs before every commit, and before every look-up.
func (tx *Tx) keepKeys() error {
	changes := tx.log.Changes()
	type states struct{ before, after *row.Contact }
	var order []string
	touched := map[string]*states{}
	for _, c := range changes[tx.indexed:] {
		concerns := c.Before == nil || slices.ContainsFunc(c.Changed, func(f string) bool { return slices.Contains(keyFields, f) })
		if c.Entity != "contact" || !concerns {
			continue
		}
		if touched[c.EntityID] == nil {
			touched[c.EntityID] = &states{before: contactIn(c.Before)}
			order = append(order, c.EntityID)
		}
		touched[c.EntityID].after = contactIn(c.After)
	}
	tx.indexed = len(changes)
	var stale []string
	var rows [][]any
	for _, id := range order {
		before, after := keysOf(touched[id].before), keysOf(touched[id].after)
		if slices.Equal(before, after) {
			continue
		}
		if len(before) > 0 {
			stale = append(stale, id)
		}
		for _, k := range after {
			rows = append(rows, []any{k.kind, k.key, id})
		}
	}
	for ids := range slices.Chunk(stale, MaxBatch) {
		if _, err := tx.run(tx.begin().Add("DELETE FROM contact_keys AS k WHERE ").Workspace("k").Add(" AND ").In("k.contact_id", ids)); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(rows, MaxBatch/5) { // SQLite binds arguments in time that grows with their square
		if _, err := tx.run(tx.begin().InsertRows("contact_keys", []string{"kind", "key", "contact_id"}, some)); err != nil {
			return err
		}
	}
	return nil
}

func contactIn(image row.JSON) *row.Contact {
	if len(image) == 0 {
		return nil
	}
	return changelog.Decode[row.Contact](image)
}

// holders finds the live contacts that have any of these keys: of each key, the ids, the one changed last first.
func (tx *Tx) holders(keys []contactKey) (map[contactKey][]string, error) {
	out := map[contactKey][]string{}
	if len(keys) == 0 {
		return out, nil
	}
	if err := tx.keepKeys(); err != nil {
		return nil, err
	}
	b := scope.New(tx.viewer, tx.DB.SQL).Add("SELECT k.kind, k.key, c.id FROM contact_keys k JOIN contacts c ON ").Same("c", "k").
		Add(" AND c.id = k.contact_id WHERE ").Contacts("c").Add(" AND ").Workspace("k").Add(" AND (")
	written := false
	for _, kind := range []string{byExternalID, byUserNs, byEmail, byPhone} {
		var values []string
		for _, k := range keys {
			if k.kind == kind && !slices.Contains(values, k.key) {
				values = append(values, k.key)
			}
		}
		if len(values) == 0 {
			continue
		}
		if written {
			b.Add(" OR ")
		}
		written = true
		b.Add("(k.kind = ? AND ", kind).In("k.key", values).Add(")")
	}
	text, args := b.Add(") ORDER BY c.updated_at DESC, c.id DESC").SQL()
	rows, err := tx.sql.QueryContext(tx.ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k contactKey
		var id string
		if err := rows.Scan(&k.kind, &k.key, &id); err != nil {
			return nil, err
		}
		out[k] = append(out[k], id)
	}
	return out, rows.Err()
}
