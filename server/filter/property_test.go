package filter_test

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/servertest"
)

// A filter means the same in SQL and in memory, for every row there is, whether it was read from the table or decoded
// from its image in the change log; and `not` is the exact opposite.
func TestAFilterMeansTheSameInSQLAndInMemory(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := newField(t, dialect)
		for i := range 400 {
			v := []*viewer.Viewer{f.w.Owner.Viewer, f.w.Ben.Viewer, f.w.Chloe.Viewer, f.w.Key.Viewer}[i%4]
			rf := f.filter(3)
			f.compare(t, v, rf)
			f.compare(t, v, &filter.RecordFilter{Not: rf})
		}
		require.Greater(t, f.some, 200, "filters that hold for some records and not for others, else this test shows little")
	})
}

func TestContactsAndTasksToo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := newField(t, dialect)
		ctx, reader := viewer.NewContext(context.Background(), f.w.Ben.Viewer), read.Reader{DB: f.w.DB}
		env := filter.Env{MemberID: f.w.Ben.ID, Currency: "EUR"}
		contacts, err := reader.Contacts(ctx, nil, nil, 200, nil)
		require.NoError(t, err)
		tasks, err := reader.Tasks(ctx, nil, nil, 200, nil)
		require.NoError(t, err)
		for range 150 {
			cf := f.contactFilter(2)
			cp, err := filter.CompileContacts(cf, env)
			require.NoError(t, err)
			some, err := reader.Contacts(ctx, cf, nil, 200, nil)
			require.NoError(t, err)
			require.Equal(t, passing(contacts.Nodes, cp.Match, (*row.Contact).Key), keys(some.Nodes, (*row.Contact).Key))

			tf := f.taskFilter(2)
			tp, err := filter.CompileTasks(tf, env)
			require.NoError(t, err)
			done, err := reader.Tasks(ctx, tf, nil, 200, nil)
			require.NoError(t, err)
			id := func(t *row.Task) string { return t.ID }
			require.Equal(t, passing(tasks.Nodes, tp.Match, id), keys(done.Nodes, id))
		}
	})
}

func TestFiltersThatAreRefused(t *testing.T) {
	deep := &filter.RecordFilter{}
	for range filter.MaxDepth {
		deep = &filter.RecordFilter{Not: deep}
	}
	q, wide := "x", &filter.RecordFilter{}
	for range filter.MaxConditions + 1 {
		wide.Or = append(wide.Or, &filter.RecordFilter{Q: &q})
	}
	long := string(make([]byte, 401))
	for name, f := range map[string]*filter.RecordFilter{"deep": deep, "wide": wide, "long": {Q: &long},
		"many": {ID: &filter.IDComparator{In: make([]string, 501)}}} {
		_, err := filter.CompileRecords(f, filter.Env{Currency: "EUR"})
		require.Error(t, err, name)
	}
	wide.Or = wide.Or[:filter.MaxConditions]
	_, err := filter.CompileRecords(wide, filter.Env{Currency: "EUR"})
	require.NoError(t, err)
	_, err = filter.CompileRecords(deep.Not, filter.Env{Currency: "EUR"})
	require.NoError(t, err)
}

// field is a workspace full of random rows.
type field struct {
	w      *servertest.World
	r      *rand.Rand
	ids    []string
	people []string
	some   int
	images map[string]*row.Record
}

var (
	titles     = []string{"Straße", "strasse ÄRGER", "Ärger", "éclair", "ECLAIR", "e\u0301clair", "İstanbul", "ﬁne", "café 42", "ΣΊΣΥΦΟΣ", "σίσυφος", "日本", "100%", "a_b", `c:\d`, "O'Brien", "ǅ", "plain"}
	tags       = []string{"Hot", "hot tub", "Été", "ete", "ßig", "ssig", "ho", "t", "%", "日本"}
	phones     = []string{"+4930123456", "+12025550123", "+390612345678"}
	currencies = []string{"EUR", "USD", "JPY"}
	amounts    = []string{"0", "1", "10", "99", "100", "5000"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.Intn(len(list))] }

// maybe gives one of a list, or nothing.
func maybe[T any](r *rand.Rand, list []T) *T {
	if r.Intn(3) == 0 {
		return nil
	}
	v := pick(r, list)
	return &v
}

func newField(t *testing.T, dialect string) *field {
	f := &field{w: servertest.Found(t, servertest.Start(t, dialect), "alpha"), r: rand.New(rand.NewSource(7)), images: map[string]*row.Record{}}
	f.people = []string{f.w.Owner.ID, f.w.Ben.ID, f.w.Chloe.ID}
	ctx := viewer.NewContext(context.Background(), f.w.Owner.Viewer)
	var contacts []string
	for range 12 {
		c, err := f.w.CRM.CreateContact(ctx, crm.CreateContactInput{FirstName: maybe(f.r, titles), LastName: &titles[f.r.Intn(5)],
			Phones: []string{pick(f.r, phones)}, Emails: []string{fmt.Sprintf("p%d@x.example", f.r.Intn(5))}, OwnerID: maybe(f.r, f.people)})
		require.NoError(t, err)
		contacts = append(contacts, c.Contact.ID)
	}
	for range 90 {
		in := crm.CreateRecordInput{StageID: maybe(f.r, []string{f.w.Lead, f.w.Offer, f.w.Won, f.w.Lost}), Title: pick(f.r, titles) + " " + pick(f.r, titles),
			Description: maybe(f.r, titles), Priority: pick(f.r, filter.Priorities), OwnerID: maybe(f.r, f.people), ContactID: maybe(f.r, contacts),
			ContactPhone: maybe(f.r, phones), CompanyName: maybe(f.r, titles)}
		if a := maybe(f.r, amounts); a != nil {
			in.Value = &crm.MoneyInput{Amount: *a, Currency: maybe(f.r, currencies)}
		}
		for range f.r.Intn(4) {
			in.Tags = append(in.Tags, pick(f.r, tags))
		}
		made, err := f.w.CRM.CreateRecord(ctx, in)
		require.NoError(t, err)
		f.ids = append(f.ids, made.Record.ID)
		_, err = f.w.CRM.CreateTask(ctx, crm.CreateTaskInput{Title: pick(f.r, titles), Description: maybe(f.r, titles), Priority: pick(f.r, filter.Priorities),
			RecordID: maybe(f.r, f.ids), AssigneeID: maybe(f.r, f.people)})
		require.NoError(t, err)
	}
	for i, id := range f.ids { // rows that were changed: what is derived from them must follow
		if i%3 == 0 {
			_, err := f.w.CRM.UpdateRecord(ctx, crm.UpdateRecordInput{ID: id, Title: graphql.OmittableOf(maybe(f.r, titles[:1])),
				Tags: graphql.OmittableOf([]string{pick(f.r, tags)}), ContactPhone: graphql.OmittableOf(maybe(f.r, phones))})
			if err != nil { // a title cannot be cleared
				_, err = f.w.CRM.UpdateRecord(ctx, crm.UpdateRecordInput{ID: id, AddTags: []string{pick(f.r, tags)}})
			}
			require.NoError(t, err)
		}
		if i%10 == 0 {
			_, err := f.w.CRM.DeleteRecord(ctx, crm.DeleteRecordInput{ID: id})
			require.NoError(t, err)
		}
	}
	_, err := f.w.CRM.DeleteContact(ctx, crm.DeleteContactInput{ID: contacts[0]})
	require.NoError(t, err)
	log := changelog.Log{DB: f.w.DB}
	head, _, err := log.Head(ctx, f.w.DB, f.w.WorkspaceID)
	require.NoError(t, err)
	commits, err := log.Read(ctx, f.w.DB, f.w.WorkspaceID, 0, head)
	require.NoError(t, err)
	for _, c := range commits {
		for _, ch := range c.Changes {
			if ch.Entity == "record" {
				_, f.images[ch.EntityID] = ch.Record()
			}
		}
	}
	return f
}

// compare asks the database and the memory the same.
func (f *field) compare(t *testing.T, v *viewer.Viewer, rf *filter.RecordFilter) {
	t.Helper()
	ctx := viewer.NewContext(context.Background(), v)
	compiled, err := filter.CompileRecords(rf, filter.Env{MemberID: v.MemberID(), Currency: v.Currency})
	require.NoError(t, err)
	got, err := (read.Reader{DB: f.w.DB}).Records(ctx, rf, nil, 200, nil)
	require.NoError(t, err, compiled.Key)
	found := keys(got.Nodes, (*row.Record).Key)
	var want []string
	for id, r := range f.images {
		if scope.SeesRecord(v, r) && compiled.Match(r) {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	require.Equal(t, want, found, "%s: what images say, and what SQL says", compiled.Key)
	for _, r := range got.Nodes {
		require.True(t, compiled.Match(r) && scope.SeesRecord(v, r), "%s: a row that SQL found", compiled.Key)
	}
	if len(found) > 0 && len(found) < len(f.ids)/2 {
		f.some++
	}
}

func keys[T any](rows []*T, id func(*T) string) (out []string) {
	for _, r := range rows {
		out = append(out, id(r))
	}
	slices.Sort(out)
	return out
}

func passing[T any](rows []*T, match func(*T) bool, id func(*T) string) []string {
	return keys(slices.DeleteFunc(slices.Clone(rows), func(r *T) bool { return !match(r) }), id)
}

// filter makes a random filter.
func (f *field) filter(depth int) *filter.RecordFilter {
	rf := &filter.RecordFilter{}
	if depth > 0 {
		switch f.r.Intn(6) {
		case 0:
			for range f.r.Intn(3) {
				rf.And = append(rf.And, f.filter(depth-1))
			}
		case 1:
			rf.Or = []*filter.RecordFilter{}
			for range f.r.Intn(3) {
				rf.Or = append(rf.Or, f.filter(depth-1))
			}
		case 2:
			rf.Not = f.filter(depth - 1)
		}
	}
	stages := []string{f.w.Lead, f.w.Offer, f.w.Won, f.w.Lost}
	for range 1 + f.r.Intn(2) {
		switch f.r.Intn(9) {
		case 0:
			rf.ID = &filter.IDComparator{In: f.ids[:f.r.Intn(40)], Ne: maybe(f.r, f.ids)}
		case 1:
			rf.StageID = &filter.IDComparator{Eq: maybe(f.r, stages), NotIn: stages[:f.r.Intn(2)]}
		case 2:
			rf.Status = &filter.RecordStatusComparator{In: []string{"OPEN", "WON"}[:f.r.Intn(3)], Ne: maybe(f.r, []string{"LOST", "OPEN"})}
		case 3:
			rf.Owner = &filter.OwnerComparator{Eq: maybe(f.r, f.people), Me: maybe(f.r, []bool{true, false}), IsNull: maybe(f.r, []bool{true, false, false})}
		case 4:
			rf.ContactID = &filter.IDComparator{IsNull: maybe(f.r, []bool{true, false})}
		case 5:
			rf.Priority = &filter.PriorityComparator{Gt: maybe(f.r, filter.Priorities), Lte: maybe(f.r, filter.Priorities), Ne: maybe(f.r, filter.Priorities)}
		case 6:
			rf.Tags = f.tagFilter()
		case 7:
			rf.Value = &filter.MoneyComparator{Currency: maybe(f.r, currencies), IsNull: maybe(f.r, []bool{true, false, false, false})}
			*pick(f.r, []**string{&rf.Value.Eq, &rf.Value.Ne, &rf.Value.Gt, &rf.Value.Gte, &rf.Value.Lt, &rf.Value.Lte}) = maybe(f.r, amounts)
		case 8:
			rf.Q = f.text()
		}
	}
	return rf
}

func (f *field) tagFilter() *filter.TagComparator {
	some := func() (out []string) {
		for range f.r.Intn(3) {
			out = append(out, pick(f.r, append(tags, "HOT", "no such", "")))
		}
		return out
	}
	return &filter.TagComparator{Any: some(), All: some(), None: some()}
}

func (f *field) text() *string {
	words := append(slices.Clone(titles), tags...)
	q := pick(f.r, append(words, "4930 123", "(202) 555-01", "p1@x.example", "1", "%", "_", "", "str", "ECLA", "2025"))
	if f.r.Intn(3) == 0 {
		q += " " + pick(f.r, words)
	}
	return &q
}

func (f *field) contactFilter(depth int) *filter.ContactFilter {
	c := &filter.ContactFilter{}
	if depth > 0 && f.r.Intn(3) == 0 {
		c.Not = f.contactFilter(depth - 1)
	}
	if f.r.Intn(2) == 0 {
		c.Q = f.text()
	} else {
		c.Owner = &filter.OwnerComparator{Me: maybe(f.r, []bool{true, false}), Ne: maybe(f.r, f.people), IsNull: maybe(f.r, []bool{true, false})}
	}
	return c
}

func (f *field) taskFilter(depth int) *filter.TaskFilter {
	c := &filter.TaskFilter{}
	if depth > 0 && f.r.Intn(3) == 0 {
		c.Or = []*filter.TaskFilter{f.taskFilter(depth - 1), f.taskFilter(depth - 1)}
	}
	switch f.r.Intn(4) {
	case 0:
		c.Q = f.text()
	case 1:
		c.Assignee = &filter.OwnerComparator{Me: maybe(f.r, []bool{true, false}), In: f.people[:1+f.r.Intn(2)]}
	case 2:
		c.RecordID = &filter.IDComparator{IsNull: maybe(f.r, []bool{true, false}), NotIn: f.ids[:f.r.Intn(30)]}
	case 3:
		c.Priority = &filter.PriorityComparator{Gte: maybe(f.r, filter.Priorities), Eq: maybe(f.r, filter.Priorities)}
		c.Status = &filter.TaskStatusComparator{Ne: maybe(f.r, []string{"DONE"})}
	}
	return c
}
