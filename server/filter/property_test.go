package filter_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/servertest"
)

// A filter means the same in SQL and in memory, for every row there is, whether it was read from the table or decoded
// from its image in the change log; and `not` is the exact opposite. Zones, weeks, stale hours and the moment vary.
func TestAFilterMeansTheSameInSQLAndInMemory(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := newField(t, dialect)
		people := []*viewer.Viewer{f.w.Owner.Viewer, f.w.Ben.Viewer, f.w.Chloe.Viewer, f.w.Key.Viewer}
		for i := range 300 {
			f.compare(t, f.somewhere(people[i%4]), f.filter(3), nil)
		}
		require.Greater(t, f.some, 150, "filters that hold for some records and not for others, else this test shows little")
	})
}

// Each condition alone, with each of its operators, holds for some records and not for others; with SQL and memory agreed
// on which.
func TestEveryConditionTellsRecordsApart(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := newField(t, dialect)
		conditions := f.conditions()
		for _, name := range slices.Sorted(maps.Keys(conditions)) {
			both := 0
			for i := range 60 {
				if i >= 6 && both > 0 {
					break
				}
				rf := &filter.RecordFilter{}
				conditions[name](rf)
				f.compare(t, f.somewhere(f.w.Owner.Viewer), rf, &both)
			}
			require.Positive(t, both, "%s never told records apart", name)
		}
	})
}

func TestContactsAndTasksToo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		f := newField(t, dialect)
		ctx, reader := viewer.NewContext(context.Background(), f.w.Ben.Viewer), read.Reader{DB: f.w.DB}
		ctx = row.WithMoment(ctx, row.Moment{Now: time.Now().UTC(), Zone: time.UTC})
		env := filter.EnvOf(f.w.Ben.Viewer, row.Now(ctx))
		contacts, err := reader.Contacts(ctx, nil, nil, 200, nil)
		require.NoError(t, err)
		tasks, err := reader.Tasks(ctx, nil, nil, 200, nil)
		require.NoError(t, err)
		for range 250 {
			cf := f.contactFilter(2)
			cp, err := filter.CompileContacts(cf, env)
			require.NoError(t, err)
			some, err := reader.Contacts(ctx, cf, nil, 200, nil)
			require.NoError(t, err)
			require.Equal(t, passing(contacts.Nodes, cp.Match, (*row.Contact).Key), keys(some.Nodes, (*row.Contact).Key))
			f.told(len(some.Nodes), len(contacts.Nodes))

			tf := f.taskFilter(2)
			tp, err := filter.CompileTasks(tf, env)
			require.NoError(t, err)
			done, err := reader.Tasks(ctx, tf, nil, 200, nil)
			require.NoError(t, err)
			id := func(t *row.Task) string { return t.ID }
			require.Equal(t, passing(tasks.Nodes, tp.Match, id), keys(done.Nodes, id))
			f.told(len(done.Nodes), len(tasks.Nodes))
		}
		require.Greater(t, f.some, 60, "filters that hold for some rows and not for others, else this test shows little")
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
	now := filter.Env{Currency: "EUR", Now: time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)}
	for place, f := range map[string]*filter.RecordFilter{
		"filter.probability":              {Probability: &filter.IntComparator{Gte: ptr(50), Lte: ptr(50)}},
		"filter.value":                    {Value: &filter.MoneyComparator{Gt: ptr("5"), Lt: ptr("5.00")}},
		"filter.createdAt":                {CreatedAt: &filter.TimeComparator{Gt: ptr("-P1D"), Lt: ptr("2026-11-20T08:00:00Z")}},
		"filter.expectedCloseDate":        {ExpectedCloseDate: &filter.DateComparator{Gte: ptr("P1D"), Lt: ptr("2026-11-22")}},
		"filter.customFields[0]":          {CustomFields: []*filter.CustomFieldComparator{{Key: "size", As: "NUMBER", Gt: row.JSON("1"), Lte: row.JSON("1.0")}}},
		"filter.customFields[1].key":      {CustomFields: []*filter.CustomFieldComparator{nil, {Key: "Size", As: "NUMBER", Gt: row.JSON("1")}}},
		"filter.customFields[0].eq":       {CustomFields: []*filter.CustomFieldComparator{{Key: "size", As: "NUMBER", Eq: row.JSON(`"1"`)}}},
		"filter.customFields[0].contains": {CustomFields: []*filter.CustomFieldComparator{{Key: "size", As: "NUMBER", Contains: ptr("1")}}},
		"filter.not.createdAt.gt":         {Not: &filter.RecordFilter{CreatedAt: &filter.TimeComparator{Gt: ptr("yesterday")}}},
		"filter.createdAt.within":         {CreatedAt: &filter.TimeComparator{Within: ptr("ALL")}},
		"filter.createdAt.lt":             {CreatedAt: &filter.TimeComparator{Lt: ptr("P101Y")}},
		"filter.expectedCloseDate.eq":     {ExpectedCloseDate: &filter.DateComparator{Eq: ptr("PT1H")}},
		"filter.expectedCloseDate.notIn":  {ExpectedCloseDate: &filter.DateComparator{NotIn: []string{"2026-02-30"}}},
		"filter.staleHours":               {StaleHours: ptr(0)},
		"filter.team":                     {Team: &filter.TeamComparator{Eq: ptr("mem_x")}},
		"filter.title.contains":           {Title: &filter.TextComparator{Contains: &long}},
	} {
		_, err := filter.CompileRecords(f, now)
		require.True(t, fault.Is(err, fault.ValidationFailed), place)
		require.Equal(t, place, fault.Of(err).Details[0].Field)
	}
	for name, f := range map[string]*filter.RecordFilter{"overdue": {IsOverdue: ptr(true)}, "a preset": {UpdatedAt: &filter.TimeComparator{Within: ptr("TODAY")}},
		"a duration": {UpdatedAt: &filter.TimeComparator{Gt: ptr("-P1D")}}} {
		_, err := filter.CompileRecords(f, filter.Env{Currency: "EUR"})
		require.Error(t, err, "%s without a clock", name)
		compiled, err := filter.CompileRecords(f, now)
		require.NoError(t, err)
		require.True(t, compiled.Clock)
		require.NotEqual(t, compiled.Key, compiled.At(now.Now.Add(time.Minute)).Key, "another moment lets others pass")
		require.Equal(t, compiled.Key, compiled.At(now.Now).Key)
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
	// linked are the images with what they link to.
	stages    map[string]*row.Stage
	pipelines map[string]*row.Pipeline
	teams     map[string][]string // of members
	team      string
	now       time.Time
	clock     atomic.Int64 // microseconds; by which the rows were made
}

var (
	titles = []string{"Straße", "strasse ÄRGER", "Ärger", "éclair", "ECLAIR", "e\u0301clair", "İstanbul", "ﬁne", "café 42", "ΣΊΣΥΦΟΣ", "σίσυφος", "日本", "100%", "a_b", `c:\d`, "O'Brien", "ǅ", "plain",
		"ハス", "バス", "กิน", "กัน", "कला", "किला", "שָׁלוֹם", "שלום", "한국", "Phase ②"}
	tags       = []string{"Hot", "hot tub", "Été", "ete", "ßig", "ssig", "ho", "t", "%", "日本", "ハス", "バス", "กิน", "กัน", "e\u0301te\u0301", "m²", "m2"}
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
	f := &field{r: rand.New(rand.NewSource(7)), images: map[string]*row.Record{},
		stages: map[string]*row.Stage{}, pipelines: map[string]*row.Pipeline{}, teams: map[string][]string{}, now: time.Now().UTC().Truncate(time.Second)}
	f.clock.Store(f.now.UnixMicro())
	server := servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) {
		c.Now = func() time.Time { return time.UnixMicro(f.clock.Load()).UTC() }
	})
	f.w = servertest.Found(t, server, "alpha")
	f.people = []string{f.w.Owner.ID, f.w.Ben.ID, f.w.Chloe.ID}
	ctx := viewer.NewContext(context.Background(), f.w.Owner.Viewer)
	other, err := f.w.CRM.CreatePipeline(ctx, crm.CreatePipelineInput{Name: "Tickets", Category: "CUSTOM", RecordType: ptr("TICKET"), StaleAfterHours: ptr(500),
		Stages: []*crm.StageInput{{Name: "One", StaleAfterHours: graphql.OmittableOf(ptr(1200))}, {Name: "Two"}}})
	require.NoError(t, err)
	firm, err := f.w.CRM.CreateCompany(ctx, crm.CreateCompanyInput{Name: "Éclair GmbH"})
	require.NoError(t, err)
	team, err := f.w.CRM.CreateTeam(ctx, crm.CreateTeamInput{Name: "Blue", MemberIds: []string{f.w.Ben.ID, f.w.Chloe.ID}})
	require.NoError(t, err)
	f.team = team.Team.ID
	green, err := f.w.CRM.CreateTeam(ctx, crm.CreateTeamInput{Name: "Green", MemberIds: []string{f.w.Chloe.ID}})
	require.NoError(t, err)
	f.teams[f.w.Ben.ID], f.teams[f.w.Chloe.ID] = []string{f.team}, []string{f.team, green.Team.ID}
	var contacts []string
	for range 12 {
		c, err := f.w.CRM.CreateContact(ctx, crm.CreateContactInput{FirstName: maybe(f.r, titles), LastName: &titles[f.r.Intn(5)], CompanyName: maybe(f.r, titles),
			Phones: []string{pick(f.r, phones)}[:f.r.Intn(2)], Emails: []string{fmt.Sprintf("p%d@x.example", f.r.Intn(5))}[:f.r.Intn(2)], OwnerID: maybe(f.r, f.people)})
		require.NoError(t, err)
		contacts = append(contacts, c.Contact.ID)
	}
	for range 90 {
		in := crm.CreateRecordInput{StageID: maybe(f.r, []string{f.w.Lead, f.w.Offer, f.w.Won, f.w.Lost}), Title: pick(f.r, titles) + pick(f.r, []string{"", " " + pick(f.r, titles)}),
			Description: maybe(f.r, titles), Priority: pick(f.r, filter.Priorities), OwnerID: maybe(f.r, f.people), ContactID: maybe(f.r, contacts),
			ContactPhone: maybe(f.r, phones), CompanyName: maybe(f.r, titles), ContactName: maybe(f.r, titles), SourceDetail: maybe(f.r, titles),
			Channel: maybe(f.r, []string{"EMAIL", "WEB", "PHONE"}), UserNs: maybe(f.r, userNs), ExpectedCloseDate: maybe(f.r, f.days())}
		if f.r.Intn(2) == 0 {
			in.ExternalID = ptr(fmt.Sprint("Ext-", len(f.ids)))
		}
		if f.r.Intn(4) == 0 {
			in.CompanyID, in.CompanyName = &firm.Company.ID, nil
		}
		if in.StageID == nil || f.r.Intn(4) == 0 {
			in.StageID = &other.Pipeline.Stages[f.r.Intn(2)].ID
		}
		if *in.StageID == f.w.Won || *in.StageID == f.w.Lost {
			in.Probability = nil
		} else if f.r.Intn(2) == 0 {
			in.Probability = ptr(f.r.Intn(101))
		}
		if *in.StageID == f.w.Lost {
			in.LostReason, in.LostReasonKey = maybe(f.r, titles), maybe(f.r, []string{"price", "timing", "no_need"})
		}
		if f.r.Intn(5) > 0 {
			in.CustomFields = row.JSON(pick(f.r, customs))
		}
		f.clock.Store(f.now.Add(-time.Duration(f.r.Intn(200*24)) * time.Hour).Add(time.Duration(f.r.Intn(3)) * 333 * time.Microsecond).UnixMicro())
		if a := maybe(f.r, amounts); a != nil {
			in.Value = &crm.MoneyInput{Amount: *a, Currency: maybe(f.r, currencies)}
		}
		for range f.r.Intn(4) {
			in.Tags = append(in.Tags, pick(f.r, tags))
		}
		made, err := f.w.CRM.CreateRecord(viewer.NewContext(ctx, pick(f.r, []*viewer.Viewer{f.w.Owner.Viewer, f.w.Key.Viewer})), in)
		require.NoError(t, err)
		f.ids = append(f.ids, made.Record.ID)
		due := maybe(f.r, []time.Time{f.now.Add(-48 * time.Hour), f.now.Add(-time.Minute), f.now.Add(time.Hour), f.now.Add(400 * time.Hour)})
		_, err = f.w.CRM.CreateTask(ctx, crm.CreateTaskInput{DueAt: due, DueAllDay: due != nil && f.r.Intn(2) == 0, Title: pick(f.r, titles), Description: maybe(f.r, titles), Priority: pick(f.r, filter.Priorities),
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
	_, err = f.w.CRM.DeleteContact(ctx, crm.DeleteContactInput{ID: contacts[0]})
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
	reader := read.Reader{DB: f.w.DB}
	f.stages, err = reader.StagesByID(ctx, append([]string{f.w.Lead, f.w.Offer, f.w.Won, f.w.Lost}, other.Pipeline.Stages[0].ID, other.Pipeline.Stages[1].ID))
	require.NoError(t, err)
	f.pipelines, err = reader.PipelinesByID(ctx, []string{f.w.Pipeline, other.Pipeline.ID})
	require.NoError(t, err)
	for _, r := range f.images {
		f.link(r)
	}
	return f
}

// link gives a record what conditions on its surroundings go by.
func (f *field) link(r *row.Record) {
	r.Stage, r.Pipeline = f.stages[r.StageID], f.pipelines[r.PipelineID]
	if r.OwnerID != nil {
		r.OwnerTeams = f.teams[*r.OwnerID]
	}
}

// days are around today, some exactly where presets begin and end.
func (f *field) days() (out []string) {
	for _, off := range []int{-400, -90, -31, -30, -8, -7, -6, -1, 0, 1, 6, 7, 30, 300} {
		out = append(out, f.now.AddDate(0, 0, off).Format(time.DateOnly))
	}
	return out
}

// somewhere is a viewer whose workspace lies elsewhere and counts its weeks and hours otherwise.
func (f *field) somewhere(v *viewer.Viewer) *viewer.Viewer {
	c := *v
	c.Timezone = pick(f.r, []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/Sao_Paulo", "no such zone"})
	c.WeekStart, c.StaleHours, c.Currency = f.r.Intn(8), pick(f.r, []int{0, 72, 300, 2000}), pick(f.r, currencies)
	return &c
}

// told counts filters that hold for some rows and not for others.
func (f *field) told(held, all int) {
	if held > 0 && held < all {
		f.some++
	}
}

// compare asks the database and the memory the same, and the opposite. It counts in `both` where some records passed and
// some did not.
func (f *field) compare(t *testing.T, v *viewer.Viewer, rf *filter.RecordFilter, both *int) {
	t.Helper()
	now := f.now.Add(time.Duration(f.r.Intn(3*24*60)-2*24*60) * time.Minute)
	compiled, err := filter.CompileRecords(rf, filter.EnvOf(v, now))
	if fault.Is(err, fault.ValidationFailed) { // a range without room in it
		return
	}
	require.NoError(t, err)
	found := f.agreed(t, v, now, rf)
	rest := f.agreed(t, v, now, &filter.RecordFilter{Not: rf})
	all := f.agreed(t, v, now, nil)
	require.ElementsMatch(t, all, append(slices.Clone(found), rest...), "%s: a record passes a filter or its opposite", compiled.Key)
	f.told(len(found), len(all))
	require.False(t, compiled.Vacuous() && len(rest) > 0, "%s: what asks nothing lets every record pass", compiled.Key)
	if both != nil && len(found) > 0 && len(rest) > 0 {
		*both++
	}
}

// agreed gives the ids of the records that pass a filter, about which all ways to tell agree.
func (f *field) agreed(t *testing.T, v *viewer.Viewer, now time.Time, rf *filter.RecordFilter) []string {
	t.Helper()
	ctx := row.WithMoment(viewer.NewContext(context.Background(), v), row.Moment{Now: now, Zone: time.UTC})
	compiled, err := filter.CompileRecords(rf, filter.EnvOf(v, now))
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
		f.link(r)
		require.True(t, compiled.Match(r) && scope.SeesRecord(v, r), "%s: a row that SQL found", compiled.Key)
	}
	return found
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
	conditions := f.conditions()
	names := slices.Sorted(maps.Keys(conditions))
	for range 1 + f.r.Intn(2) {
		conditions[pick(f.r, names)](rf)
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
	q := pick(f.r, append(words, "4930 123", "030 123 4 56", "Straße +49 (0)30 / 123456", "39 06 1234", "(202) 555-01", "p1@x.example", "1", "%", "_", "", "str", "ECLA", "2025"))
	if f.r.Intn(3) == 0 {
		q += " " + pick(f.r, append(words, "0 30", "123 456"))
	}
	return &q
}

func (f *field) contactFilter(depth int) *filter.ContactFilter {
	c := &filter.ContactFilter{}
	if depth > 0 && f.r.Intn(3) == 0 {
		c.Not = f.contactFilter(depth - 1)
	}
	switch f.r.Intn(6) {
	case 0:
		c.Q = f.text()
	case 1:
		c.HasEmail, c.HasPhone = maybe(f.r, []bool{true, false}), maybe(f.r, []bool{true, false})
	case 2:
		c.CompanyName = f.textFilter()
	case 3:
		c.CreatedAt, c.UpdatedAt = f.timeFilter(), f.timeFilter()
	case 4:
		c.ExternalID, c.Source = f.keyFilter(), &filter.RecordSourceComparator{Ne: ptr("API")}
	default:
		c.Owner = &filter.OwnerComparator{Me: maybe(f.r, []bool{true, false}), Ne: maybe(f.r, f.people), IsNull: maybe(f.r, []bool{true, false})}
	}
	return c
}

func (f *field) taskFilter(depth int) *filter.TaskFilter {
	c := &filter.TaskFilter{}
	if depth > 0 && f.r.Intn(3) == 0 {
		c.Or = []*filter.TaskFilter{f.taskFilter(depth - 1), f.taskFilter(depth - 1)}
	}
	switch f.r.Intn(6) {
	case 4:
		c.DueAt, c.IsOverdue = f.timeFilter(), maybe(f.r, []bool{true, false})
	case 5:
		c.CreatedAt, c.CompletedAt = f.timeFilter(), &filter.TimeComparator{IsNull: ptr(true)}
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
