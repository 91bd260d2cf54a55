package read_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/servertest"
)

// Whatever a list of records is sorted by, walking its pages gives every record exactly once, in order.
func TestAllPagesGiveEveryRecordOnceInOrder(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		for field, compare := range s.orders() {
			for _, direction := range []string{"ASC", "DESC"} {
				for _, nulls := range []string{"FIRST", "LAST"} {
					t.Run(field+" "+direction+" "+nulls, func(t *testing.T) {
						order := []*read.RecordOrder{{Field: field, Direction: direction, Nulls: nulls}}
						got := s.walk(t, nil, order, 13)
						want := slices.Clone(s.all)
						slices.SortFunc(want, func(a, b *row.Record) int {
							return cmp.Or(compare(a, b).by(direction, nulls), cmp.Compare(a.ID, b.ID))
						})
						require.Equal(t, ids(want), got)
					})
				}
			}
		}
	})
}

func TestPagesBySeveralKeysAndThroughAFilter(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		fields := []string{"BOARD", "STAGE", "OWNER_NAME", "TITLE", "VALUE", "PROBABILITY", "PRIORITY", "EXPECTED_CLOSE_DATE", "CLOSED_AT", "NUMBER"}
		open := &filter.RecordFilter{Status: &filter.RecordStatusComparator{In: []string{"OPEN"}}}
		for range 8 {
			var order []*read.RecordOrder
			for _, at := range s.r.Perm(len(fields))[:3] {
				order = append(order, &read.RecordOrder{Field: fields[at], Direction: []string{"ASC", "DESC"}[s.r.Intn(2)], Nulls: []string{"FIRST", "LAST"}[s.r.Intn(2)]})
			}
			for _, f := range []*filter.RecordFilter{nil, open} {
				require.Equal(t, s.walk(t, f, order, 200), s.walk(t, f, order, 3+s.r.Intn(9)))
			}
		}
	})
}

// Pages by number are those that cursors lead to.
func TestPagesByNumber(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		order := []*read.RecordOrder{{Field: "VALUE", Direction: "DESC"}}
		var got []string
		for page := 1; page <= 6; page++ {
			c, err := s.reader.RecordsPage(s.ctx, nil, order, 11, nil, page)
			require.NoError(t, err)
			require.Equal(t, []bool{page < 6, page > 1}, []bool{c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage})
			got = append(got, ids(c.Nodes)...)
		}
		require.Equal(t, s.walk(t, nil, order, 200), got)
		beyond, err := s.reader.RecordsPage(s.ctx, nil, order, 200, nil, 500)
		require.NoError(t, err)
		require.Empty(t, beyond.Nodes)
		cursor := "x"
		for name, ask := range map[string]func() (*row.RecordConnection, error){
			"before the first": func() (*row.RecordConnection, error) { return s.reader.RecordsPage(s.ctx, nil, order, 50, nil, 0) },
			"too deep":         func() (*row.RecordConnection, error) { return s.reader.RecordsPage(s.ctx, nil, order, 200, nil, 501) },
			"too large":        func() (*row.RecordConnection, error) { return s.reader.RecordsPage(s.ctx, nil, order, 201, nil, 1) },
			"of nothing":       func() (*row.RecordConnection, error) { return s.reader.RecordsPage(s.ctx, nil, order, 0, nil, 1) },
			"a cursor too":     func() (*row.RecordConnection, error) { return s.reader.RecordsPage(s.ctx, nil, order, 50, &cursor, 1) },
		} {
			_, err := ask()
			require.True(t, fault.Is(err, fault.ValidationFailed), name)
		}
	})
}

// A cursor holds a place, not a row: rows may come and go around it.
func TestPagesStayRightUnderWrites(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		order := []*read.RecordOrder{{Field: "NUMBER", Direction: "ASC"}}
		first, err := s.reader.Records(s.ctx, nil, order, 10, nil)
		require.NoError(t, err)
		_, err = s.w.CRM.DeleteRecords(s.ctx, crm.DeleteRecordsInput{BatchTarget: crm.BatchTarget{IDs: []string{first.Nodes[9].ID, first.Nodes[3].ID, s.all[20].ID}}})
		require.NoError(t, err)
		made, err := s.w.CRM.CreateRecord(s.ctx, crm.CreateRecordInput{Title: "late", Priority: "LOW"})
		require.NoError(t, err)
		rest := s.after(t, nil, order, 7, first.PageInfo.EndCursor)
		var want []string
		for i, r := range s.all {
			if i >= 10 && i != 20 {
				want = append(want, r.ID)
			}
		}
		require.Equal(t, append(want, made.Record.ID), rest)
	})
}

func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		title := []*read.RecordOrder{{Field: "TITLE", Direction: "ASC"}}
		page, err := s.reader.Records(s.ctx, nil, title, 1, nil)
		require.NoError(t, err)
		for name, order := range map[string][]*read.RecordOrder{"another direction": {{Field: "TITLE", Direction: "DESC"}}, "another key": {{Field: "NUMBER", Direction: "ASC"}},
			"more keys": {title[0], {Field: "NUMBER", Direction: "ASC"}}, "none": nil} {
			_, err := s.reader.Records(s.ctx, nil, order, 1, page.PageInfo.EndCursor)
			require.True(t, fault.Is(err, fault.BadCursor), name)
		}
		forge := func(order string, keys ...any) error {
			c := row.Cursor("records "+order, keys...)
			_, err := s.reader.Records(s.ctx, nil, []*read.RecordOrder{{Field: strings.Fields(order)[0], Direction: "ASC", Nulls: "LAST"}}, 1, &c)
			return err
		}
		for name, err := range map[string]error{"text for a number": forge("NUMBER ASC LAST", "one", "id"), "number for a text": forge("TITLE ASC LAST", 1, "id"),
			"no instant": forge("CREATED_AT ASC LAST", "soon", "id"), "no text has it": forge("TITLE ASC LAST", "a\x00", "id"),
			"too large": forge("NUMBER ASC LAST", 1e30, "id"), "an object": forge("NUMBER ASC LAST", map[string]any{}, "id"), "number for an id": forge("TITLE ASC LAST", "a", 1)} {
			require.True(t, fault.Is(err, fault.BadCursor), "%s: %v", name, err)
		}
	})
}

func TestContactsAndTasksInEveryOrder(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		s := newStock(t, dialect)
		for _, direction := range []string{"ASC", "DESC"} {
			for _, field := range []string{"NAME", "CREATED_AT", "UPDATED_AT", "NUMBER"} {
				order := []*read.ContactOrder{{Field: field, Direction: direction}}
				page := func(first int, after *string) ([]string, row.PageInfo) {
					c, err := s.reader.Contacts(s.ctx, nil, order, first, after)
					require.NoError(t, err)
					return keys(c.Nodes, func(c *row.Contact) string { return c.ID }), c.PageInfo
				}
				require.Len(t, walk(page, 200), s.contacts)
				require.Equal(t, walk(page, 200), walk(page, 3), "contacts by %s %s", field, direction)
			}
			for _, field := range []string{"DUE_AT", "PRIORITY", "CREATED_AT", "UPDATED_AT"} {
				order := []*read.TaskOrder{{Field: field, Direction: direction}}
				var due []*time.Time
				page := func(first int, after *string) ([]string, row.PageInfo) {
					c, err := s.reader.Tasks(s.ctx, nil, order, first, after)
					require.NoError(t, err)
					due = nil
					for _, n := range c.Nodes {
						due = append(due, n.DueAt)
					}
					return keys(c.Nodes, func(t *row.Task) string { return t.ID }), c.PageInfo
				}
				whole := walk(page, 200)
				require.Len(t, whole, s.tasks)
				if field == "DUE_AT" { // missing ones last, either way
					none := slices.IndexFunc(due, func(d *time.Time) bool { return d == nil })
					require.NotContains(t, due[:none], (*time.Time)(nil))
					require.Subset(t, []*time.Time{nil}, due[none:])
				}
				require.Equal(t, whole, walk(page, 3), "tasks by %s %s", field, direction)
			}
		}
	})
}

// stock is a workspace full of rows, many of them alike.
type stock struct {
	w               *servertest.World
	r               *rand.Rand
	ctx             context.Context
	reader          read.Reader
	all             []*row.Record // by number
	contacts, tasks int
	place           map[string]int // of stages
}

func newStock(t *testing.T, dialect string) *stock {
	w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
	s := &stock{w: w, r: rand.New(rand.NewSource(3)), ctx: viewer.NewContext(context.Background(), w.Owner.Viewer), reader: read.Reader{DB: w.DB},
		contacts: 17, tasks: 20, place: map[string]int{w.Lead: 0, w.Offer: 1, w.Won: 2, w.Lost: 3}}
	other, err := w.CRM.CreatePipeline(s.ctx, crm.CreatePipelineInput{Name: "Other", Category: "CUSTOM", Stages: []*crm.StageInput{{Name: "One"}}})
	require.NoError(t, err)
	s.place[other.Pipeline.Stages[0].ID] = 4
	stages := []string{w.Lead, w.Offer, w.Won, w.Lost, other.Pipeline.Stages[0].ID}
	for range 60 {
		in := crm.CreateRecordInput{StageID: &stages[s.r.Intn(5)], Title: []string{"a", "B", "b", "é", "Z", "aa"}[s.r.Intn(6)], Priority: filter.Priorities[s.r.Intn(4)],
			OwnerID: []*string{nil, &w.Owner.ID, &w.Ben.ID, &w.Chloe.ID}[s.r.Intn(4)]}
		if s.r.Intn(3) > 0 {
			in.Value = &crm.MoneyInput{Amount: fmt.Sprint(s.r.Intn(4) * 100), Currency: &[]string{"EUR", "USD", "CHF"}[s.r.Intn(3)]}
		}
		if s.r.Intn(2) > 0 {
			day := fmt.Sprintf("2026-01-%02d", 1+s.r.Intn(5))
			in.ExpectedCloseDate = &day
		}
		made, err := w.CRM.CreateRecord(s.ctx, in)
		require.NoError(t, err)
		s.all = append(s.all, made.Record)
	}
	for i := range s.contacts {
		name := []string{"Ann", "ann", "Änn", "Bob"}[i%4]
		_, err := w.CRM.CreateContact(s.ctx, crm.CreateContactInput{LastName: &name})
		require.NoError(t, err)
	}
	for i := range s.tasks {
		in := crm.CreateTaskInput{Title: "t", Priority: filter.Priorities[i%4]}
		if i%3 > 0 {
			due := time.Date(2026, 1, 1+i%4, 0, 0, 0, 1000*(i%2), time.UTC)
			in.DueAt = &due
		}
		_, err := w.CRM.CreateTask(s.ctx, in)
		require.NoError(t, err)
	}
	return s
}

// order is how two rows compare; with a null it depends on where those go, not on the direction.
// fixed keys keep their direction; absent is for nulls that come before or after all others.
type order struct{ absent, fixed, plain, keyed, null int }

func (o order) by(direction, nulls string) int {
	absent, plain, keyed, null := o.absent, o.plain, o.keyed, o.null
	if direction == "DESC" {
		plain, keyed = -plain, -keyed
	}
	if nulls == "FIRST" {
		absent, null = -absent, -null
	}
	return cmp.Or(absent, o.fixed, plain, null, keyed)
}

func nullable[T cmp.Ordered](a, b *T) order {
	switch {
	case a == nil && b == nil:
		return order{}
	case a == nil:
		return order{null: 1}
	case b == nil:
		return order{null: -1}
	}
	return order{keyed: cmp.Compare(*a, *b)}
}

func micro(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	n := t.UnixMicro()
	return &n
}

// orders says what each order field means.
func (s *stock) orders() map[string]func(a, b *row.Record) order {
	plain := func(n int) order { return order{plain: n} }
	return map[string]func(a, b *row.Record) order{
		"BOARD": func(a, b *row.Record) order {
			return plain(cmp.Or(cmp.Compare(s.place[a.StageID], s.place[b.StageID]), cmp.Compare(a.Rank, b.Rank)))
		},
		"STAGE": func(a, b *row.Record) order { return plain(cmp.Compare(s.place[a.StageID]%4, s.place[b.StageID]%4)) },
		"TITLE": func(a, b *row.Record) order { return plain(cmp.Compare(fold.Text(a.Title), fold.Text(b.Title))) },
		"OWNER_NAME": func(a, b *row.Record) order {
			name := func(r *row.Record) *string {
				if r.OwnerID == nil {
					return nil
				}
				n := map[string]string{s.w.Owner.ID: "owner olivia", s.w.Ben.ID: "agent ben", s.w.Chloe.ID: "agent chloe"}[*r.OwnerID]
				return &n
			}
			return nullable(name(a), name(b))
		},
		"VALUE": func(a, b *row.Record) order {
			o := nullable(a.Minor, b.Minor)
			o.absent = o.null
			own := func(r *row.Record) int { return cmp.Compare(r.Currency, "EUR") & 1 } // the workspace's own is 0
			o.fixed = cmp.Or(own(a)-own(b), cmp.Compare(a.Currency, b.Currency))
			return o
		},
		"PROBABILITY": func(a, b *row.Record) order { return plain(cmp.Compare(a.Probability, b.Probability)) },
		"PRIORITY": func(a, b *row.Record) order {
			return plain(cmp.Compare(slices.Index(filter.Priorities, a.Priority), slices.Index(filter.Priorities, b.Priority)))
		},
		"EXPECTED_CLOSE_DATE": func(a, b *row.Record) order { return nullable(a.ExpectedCloseDate, b.ExpectedCloseDate) },
		"CREATED_AT":          func(a, b *row.Record) order { return plain(a.CreatedAt.Compare(b.CreatedAt)) },
		"UPDATED_AT":          func(a, b *row.Record) order { return plain(a.UpdatedAt.Compare(b.UpdatedAt)) },
		"LAST_ACTIVITY_AT":    func(a, b *row.Record) order { return plain(a.LastActivityAt.Compare(b.LastActivityAt)) },
		"CLOSED_AT":           func(a, b *row.Record) order { return nullable(micro(a.ClosedAt), micro(b.ClosedAt)) },
		"NUMBER":              func(a, b *row.Record) order { return plain(cmp.Compare(a.Number, b.Number)) },
	}
}

func (s *stock) walk(t *testing.T, f *filter.RecordFilter, order []*read.RecordOrder, first int) []string {
	t.Helper()
	return s.after(t, f, order, first, nil)
}

// after walks the pages from a cursor on.
func (s *stock) after(t *testing.T, f *filter.RecordFilter, order []*read.RecordOrder, first int, cursor *string) []string {
	t.Helper()
	return walkFrom(func(first int, after *string) ([]string, row.PageInfo) {
		c, err := s.reader.Records(s.ctx, f, order, first, after)
		require.NoError(t, err)
		require.LessOrEqual(t, len(c.Nodes), first)
		require.Equal(t, after != nil, c.PageInfo.HasPreviousPage)
		return ids(c.Nodes), c.PageInfo
	}, first, cursor)
}

func walk(page func(int, *string) ([]string, row.PageInfo), first int) []string {
	return walkFrom(page, first, nil)
}

func walkFrom(page func(int, *string) ([]string, row.PageInfo), first int, cursor *string) (out []string) {
	for {
		some, info := page(first, cursor)
		out = append(out, some...)
		if !info.HasNextPage {
			return out
		}
		cursor = info.EndCursor
	}
}

func ids(rows []*row.Record) []string { return keys(rows, func(r *row.Record) string { return r.ID }) }

func keys[T any](rows []*T, id func(*T) string) (out []string) {
	for _, r := range rows {
		out = append(out, id(r))
	}
	return out
}
