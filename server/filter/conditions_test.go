package filter_test

import (
	"fmt"
	"time"

	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/period"
	"github.com/rapidbott/tideboard/server/row"
)

var (
	userNs  = []string{"f1u1", "F1U1", "f1", "u1"}
	customs = []string{`{"size": 3, "city": "Zürich"}`, `{"size": -2.5, "city": "zurich", "vip": true}`, `{"size": "3", "city": 7, "vip": false}`,
		`{"size": 1e20, "city": "", "vip": "true", "start": "2026-11-21"}`, `{"size": 0.1, "start": "2025-01-31", "likes": ["Käse", "wine"]}`,
		`{"size": -0.0, "start": "soon", "likes": []}`, `{"size": null, "city": null, "likes": ["kase"], "start": "2026-01-01"}`, `{"Bad Key": 1}`, `{}`}
)

func ptr[T any](v T) *T { return &v }

// truly asks for a truth value either way.
func (f *field) truly() *bool { return ptr(f.r.Intn(2) == 0) }

// conditions are all that can be asked of a record, by name: each adds one comparison with random values to a filter.
func (f *field) conditions() map[string]func(*filter.RecordFilter) {
	stages := []string{f.w.Lead, f.w.Offer, f.w.Won, f.w.Lost}
	out := map[string]func(*filter.RecordFilter){
		"id": func(rf *filter.RecordFilter) {
			rf.ID = &filter.IDComparator{In: f.ids[:f.r.Intn(40)], Ne: maybe(f.r, f.ids)}
		},
		"pipelineId": func(rf *filter.RecordFilter) { rf.PipelineID = &filter.IDComparator{Eq: &f.w.Pipeline} },
		"stageId": func(rf *filter.RecordFilter) {
			rf.StageID = &filter.IDComparator{Eq: maybe(f.r, stages), NotIn: stages[:f.r.Intn(2)]}
		},
		"recordType": func(rf *filter.RecordFilter) {
			rf.RecordType = pick(f.r, []*filter.RecordTypeComparator{{Eq: ptr("TICKET")}, {Ne: ptr("TICKET")}, {In: []string{"DEAL", "OTHER"}}, {NotIn: []string{"DEAL"}}})
		},
		"status": func(rf *filter.RecordFilter) {
			rf.Status = &filter.RecordStatusComparator{In: []string{"OPEN", "WON"}[:f.r.Intn(3)], Ne: maybe(f.r, []string{"LOST", "OPEN"})}
		},
		"owner": func(rf *filter.RecordFilter) {
			rf.Owner = &filter.OwnerComparator{Eq: maybe(f.r, f.people), Me: maybe(f.r, []bool{true, false}), IsNull: maybe(f.r, []bool{true, false, false})}
		},
		"team": func(rf *filter.RecordFilter) {
			green := f.teams[f.w.Chloe.ID][1]
			rf.Team = pick(f.r, []*filter.TeamComparator{{Eq: &f.team}, {Ne: &green}, {In: []string{green, f.team}}, {NotIn: []string{green}}})
		},
		"hasOpenTasks": func(rf *filter.RecordFilter) { rf.HasOpenTasks = f.truly() },
		"companyId":    func(rf *filter.RecordFilter) { rf.CompanyID = &filter.IDComparator{IsNull: f.truly()} },
		"contactId":    func(rf *filter.RecordFilter) { rf.ContactID = &filter.IDComparator{IsNull: f.truly()} },
		"priority": func(rf *filter.RecordFilter) {
			rf.Priority = &filter.PriorityComparator{Gt: maybe(f.r, filter.Priorities), Lte: maybe(f.r, filter.Priorities), Ne: maybe(f.r, filter.Priorities)}
		},
		"tags": func(rf *filter.RecordFilter) { rf.Tags = f.tagFilter() },
		"value": func(rf *filter.RecordFilter) {
			rf.Value = &filter.MoneyComparator{Currency: maybe(f.r, currencies), IsNull: maybe(f.r, []bool{true, false, false, false})}
			*pick(f.r, []**string{&rf.Value.Eq, &rf.Value.Ne, &rf.Value.Gt, &rf.Value.Gte, &rf.Value.Lt, &rf.Value.Lte}) = maybe(f.r, amounts)
		},
		"value.isNull": func(rf *filter.RecordFilter) { rf.Value = &filter.MoneyComparator{IsNull: f.truly()} },
		"isOverdue":    func(rf *filter.RecordFilter) { rf.IsOverdue = f.truly() },
		"isStale":      func(rf *filter.RecordFilter) { rf.IsStale = f.truly() },
		"staleHours":   func(rf *filter.RecordFilter) { rf.StaleHours = ptr(1 + f.r.Intn(4000)) },
		"source": func(rf *filter.RecordFilter) {
			rf.Source = pick(f.r, []*filter.RecordSourceComparator{{Eq: ptr("API")}, {Ne: ptr("API")}, {In: []string{"API", "IMPORT"}}})
		},
		"channel": func(rf *filter.RecordFilter) {
			rf.Channel = pick(f.r, []*filter.ChannelComparator{{Eq: ptr("EMAIL")}, {Ne: ptr("WEB")}, {NotIn: []string{"WEB"}}, {IsNull: f.truly()}})
		},
		"q": func(rf *filter.RecordFilter) { rf.Q = f.text() },
	}
	for name, into := range map[string]func(*filter.RecordFilter) **filter.TextComparator{
		"title": func(rf *filter.RecordFilter) **filter.TextComparator { return &rf.Title }, "companyName": func(rf *filter.RecordFilter) **filter.TextComparator { return &rf.CompanyName },
		"contactName": func(rf *filter.RecordFilter) **filter.TextComparator { return &rf.ContactName }, "sourceDetail": func(rf *filter.RecordFilter) **filter.TextComparator { return &rf.SourceDetail },
		"lostReason": func(rf *filter.RecordFilter) **filter.TextComparator { return &rf.LostReason },
	} {
		for op, set := range textOps {
			if name+"."+op == "title.isNull" { // every record has one
				continue
			}
			out[name+"."+op] = func(rf *filter.RecordFilter) {
				c := &filter.TextComparator{}
				set(f, c)
				*into(rf) = c
			}
		}
	}
	for name, into := range map[string]func(*filter.RecordFilter) **filter.KeyComparator{
		"externalId": func(rf *filter.RecordFilter) **filter.KeyComparator { return &rf.ExternalID }, "userNs": func(rf *filter.RecordFilter) **filter.KeyComparator { return &rf.UserNs },
		"lostReasonKey": func(rf *filter.RecordFilter) **filter.KeyComparator { return &rf.LostReasonKey },
	} {
		out[name] = func(rf *filter.RecordFilter) { *into(rf) = f.keyFilter() }
	}
	for name, into := range map[string]func(*filter.RecordFilter) **filter.TimeComparator{
		"createdAt": func(rf *filter.RecordFilter) **filter.TimeComparator { return &rf.CreatedAt }, "updatedAt": func(rf *filter.RecordFilter) **filter.TimeComparator { return &rf.UpdatedAt },
		"closedAt": func(rf *filter.RecordFilter) **filter.TimeComparator { return &rf.ClosedAt }, "stageEnteredAt": func(rf *filter.RecordFilter) **filter.TimeComparator { return &rf.StageEnteredAt },
		"lastActivityAt": func(rf *filter.RecordFilter) **filter.TimeComparator { return &rf.LastActivityAt },
	} {
		out[name] = func(rf *filter.RecordFilter) { *into(rf) = f.timeFilter() }
	}
	f.ordered(out)
	return out
}

// ordered adds what is asked of numbers, days and custom fields.
func (f *field) ordered(out map[string]func(*filter.RecordFilter)) {
	for _, op := range []int{0, 1, 2, 3, 4, 5, 6, 7} {
		out[fmt.Sprint("probability ", op)] = func(rf *filter.RecordFilter) {
			c := &filter.IntComparator{}
			if n := pick(f.r, []int{0, 10, 50, 100, f.r.Intn(101)}); op < 6 {
				*[]**int{&c.Eq, &c.Ne, &c.Gt, &c.Gte, &c.Lt, &c.Lte}[op] = &n
			} else {
				*[]*[]int{&c.In, &c.NotIn}[op-6] = []int{0, n, 100}
			}
			rf.Probability = c
		}
		out[fmt.Sprint("expectedCloseDate ", op)] = func(rf *filter.RecordFilter) {
			c := &filter.DateComparator{}
			if d := pick(f.r, append(f.days(), "P0D", "-P7D", "P1M", "-P1Y2W")); op < 6 {
				*[]**string{&c.Eq, &c.Ne, &c.Gt, &c.Gte, &c.Lt, &c.Lte}[op] = &d
			} else {
				*[]*[]string{&c.In, &c.NotIn}[op-6] = []string{d, pick(f.r, f.days())}
			}
			rf.ExpectedCloseDate = c
		}
	}
	out["expectedCloseDate within"] = func(rf *filter.RecordFilter) {
		rf.ExpectedCloseDate = &filter.DateComparator{Within: ptr(pick(f.r, period.Presets))}
	}
	out["expectedCloseDate.isNull"] = func(rf *filter.RecordFilter) { rf.ExpectedCloseDate = &filter.DateComparator{IsNull: f.truly()} }
	for kind, field := range map[string]struct {
		key    string
		values []string
	}{"NUMBER": {"size", []string{"3", "-2.5", "0", "0.1", "1e20", "-1e300"}}, "TEXT": {"city", []string{`"ZÜRICH"`, `""`, `"a"`}},
		"DATE": {"start", []string{`"2026-11-21"`, `"2025-06-01"`, `"-P1D"`}}, "BOOLEAN": {"vip", []string{"true", "false"}}} {
		for op := range 9 {
			if kind == "BOOLEAN" && op >= 2 && op < 6 {
				continue
			}
			out[fmt.Sprint("customFields ", kind, " ", op)] = func(rf *filter.RecordFilter) {
				c := &filter.CustomFieldComparator{Key: field.key, As: kind}
				switch v := row.JSON(pick(f.r, field.values)); {
				case op < 6:
					*[]*row.JSON{&c.Eq, &c.Ne, &c.Gt, &c.Gte, &c.Lt, &c.Lte}[op] = v
				case op < 8:
					*[]*[]row.JSON{&c.In, &c.NotIn}[op-6] = []row.JSON{v, row.JSON(field.values[0])}
				default:
					c.IsNull = f.truly()
				}
				rf.CustomFields = []*filter.CustomFieldComparator{c}
			}
		}
	}
	for op := range 5 {
		out[fmt.Sprint("customFields texts ", op)] = func(rf *filter.RecordFilter) {
			c := &filter.CustomFieldComparator{Key: "likes", As: "LIST"}
			switch like := pick(f.r, []string{"KASE", "Wine", ""}); op {
			case 0:
				c.Any = []string{like, "wine"}
			case 1:
				c.All = []string{"kase", like}[:1+f.r.Intn(2)]
			case 2:
				c.None = []string{like}
			case 3:
				c = &filter.CustomFieldComparator{Key: "city", As: "TEXT", Contains: ptr(pick(f.r, []string{"rich", "Ü"}))}
			default:
				c = &filter.CustomFieldComparator{Key: "city", As: "TEXT", StartsWith: ptr(pick(f.r, []string{"ZU", "z"}))}
			}
			rf.CustomFields = []*filter.CustomFieldComparator{c}
		}
	}
}

// textOps are what is asked of a text.
var textOps = map[string]func(*field, *filter.TextComparator){
	"eq":    func(f *field, c *filter.TextComparator) { c.Eq = ptr(pick(f.r, titles)) },
	"ne":    func(f *field, c *filter.TextComparator) { c.Ne = ptr(pick(f.r, titles)) },
	"in":    func(f *field, c *filter.TextComparator) { c.In = titles[f.r.Intn(len(titles)/2):] },
	"notIn": func(f *field, c *filter.TextComparator) { c.NotIn = titles[f.r.Intn(len(titles)/2):] },
	"contains": func(f *field, c *filter.TextComparator) {
		c.Contains = ptr(pick(f.r, []string{"STR", "É", "a", "%", "_", "日", "ss", "ハ", "バ", "ก"}))
	},
	"startsWith": func(f *field, c *filter.TextComparator) {
		c.StartsWith = ptr(pick(f.r, []string{"STRAß", "é", "1", "日", "a", ""}))
	},
	"isNull": func(f *field, c *filter.TextComparator) { c.IsNull = f.truly() },
}

func (f *field) textFilter() *filter.TextComparator {
	c := &filter.TextComparator{}
	pick(f.r, []func(*field, *filter.TextComparator){textOps["eq"], textOps["ne"], textOps["contains"], textOps["startsWith"], textOps["isNull"]})(f, c)
	return c
}

func (f *field) keyFilter() *filter.KeyComparator {
	keys := append([]string{"Ext-1", "ext-1", "price", "Price"}, userNs...)
	return pick(f.r, []*filter.KeyComparator{{Eq: ptr(pick(f.r, keys))}, {Ne: ptr(pick(f.r, keys))}, {In: keys[:4+f.r.Intn(4)]}, {NotIn: keys[:4+f.r.Intn(4)]},
		{Contains: ptr(pick(f.r, []string{"u1", "t-", "ric"}))}, {StartsWith: ptr(pick(f.r, []string{"Ext", "ext", "f1", "p"}))}, {IsNull: f.truly()}})
}

func (f *field) timeFilter() *filter.TimeComparator {
	c := &filter.TimeComparator{}
	switch f.r.Intn(4) {
	case 0:
		c.Within = ptr(pick(f.r, period.Presets))
	case 1:
		c.IsNull = f.truly()
	default:
		at := pick(f.r, []string{"-P7D", "-PT36H", "-P2M", "-P1M2DT3H", "P1D", f.now.AddDate(0, 0, -f.r.Intn(200)).Format(time.RFC3339)})
		*pick(f.r, []**string{&c.Gt, &c.Gte, &c.Lt, &c.Lte}) = &at
	}
	return c
}
