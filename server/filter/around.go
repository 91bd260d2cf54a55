package filter

import (
	"slices"
	"time"

	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// TeamComparator compares the teams of a record's owner. A record that nobody owns is in no team.
type TeamComparator struct {
	Eq    *string
	Ne    *string
	In    []string
	NotIn []string
}

// MaxIdleHours bounds the hours of RecordFilter.StaleHours: a year.
const MaxIdleHours = 8760

// recordType compares the record type of the pipeline that a record is in now.
func recordType(c *compiler[*row.Record], path string, f *RecordTypeComparator) {
	if f == nil {
		return
	}
	c.pipelines = true
	of := figure[*row.Record, string]{expr: func(_ *scope.Builder, a string) (string, []any) {
		return "(SELECT fp.record_type FROM pipelines fp WHERE " + scope.Same("fp", a) + " AND fp.id = " + a + ".pipeline_id)", nil
	}, get: func(r *row.Record) (string, bool) {
		if r.Pipeline == nil {
			return "", false
		}
		return r.Pipeline.RecordType, true
	}, order: stringOrder, arg: func(s string) any { return s }}
	compareTo(c, path, of, asked[string]{eq: f.Eq, ne: f.Ne, in: f.In, notIn: f.NotIn})
}

// teams compares the teams of the owner.
func teams(c *compiler[*row.Record], path string, f *TeamComparator) {
	if f == nil {
		return
	}
	c.teams = true
	in := func(ids []string) Pred[*row.Record] {
		for _, id := range ids {
			if !typeid.Is(typeid.Team, id) {
				c.problems.Add(path, "%q is not the id of a %s", id, typeid.Name(typeid.Team))
			}
		}
		return owned(ids)
	}
	if f.Eq != nil {
		c.add(in(one(f.Eq)))
	}
	if f.Ne != nil {
		c.add(Not(in(one(f.Ne))))
	}
	if f.In != nil {
		c.bounded(path+".in", len(f.In))
		c.add(in(f.In))
	}
	if f.NotIn != nil {
		c.bounded(path+".notIn", len(f.NotIn))
		c.add(Not(in(f.NotIn)))
	}
}

// owned holds for records whose owner belongs to one of these teams.
func owned(ids []string) Pred[*row.Record] {
	return Pred[*row.Record]{func(b *scope.Builder, a string) {
		b.Add("EXISTS (SELECT 1 FROM members fm WHERE ").Same("fm", a).Add(" AND fm.id = " + a + ".owner_id AND (1 = 0")
		for _, id := range ids {
			b.Add(" OR ").Contains("CAST(fm.team_ids AS TEXT)", `"`+id+`"`)
		}
		b.Add("))")
	}, func(r *row.Record) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(r.OwnerTeams, id) })
	}, ofList(ids)}
}

// open holds for records that are OPEN.
var open = oneOf("status", func(r *row.Record) *string { return &r.Status }, []string{"OPEN"})

// overdue holds for records that are OPEN and expected to close before today.
func overdue(c *compiler[*row.Record], path string, f *bool) {
	if f != nil && c.timed(path) {
		today := c.env.today().Format(time.DateOnly)
		c.addIf(f, func() Pred[*row.Record] { return And([]Pred[*row.Record]{open, expected.below(today)}) })
	}
}

var expected = column("expected_close_date", pointed(func(r *row.Record) *string { return r.ExpectedCloseDate }))

var active = instants("last_activity_at", always(func(r *row.Record) time.Time { return r.LastActivityAt }))

// idle holds for records that are OPEN and idle for at least so many hours.
func idle(c *compiler[*row.Record], path string, hours *int) {
	if hours == nil {
		return
	}
	if *hours < 1 || *hours > MaxIdleHours {
		c.problems.Add(path, "is not between 1 and %d", MaxIdleHours)
	}
	if c.timed(path) {
		since := c.env.Now.Truncate(time.Second).Add(-time.Duration(*hours) * time.Hour)
		c.add(And([]Pred[*row.Record]{open, active.atMost(since)}))
	}
}

// stale holds for records that are OPEN and idle for the hours of their stage, else pipeline, else workspace; to the second.
func stale(c *compiler[*row.Record], path string, f *bool) {
	if f == nil || !c.timed(path) {
		return
	}
	c.pipelines = true
	now, hours := c.env.Now.Truncate(time.Second), c.env.staleHours()
	c.addIf(f, func() Pred[*row.Record] {
		return And([]Pred[*row.Record]{open, {func(b *scope.Builder, a string) {
			b.Add(a+".last_activity_at <= ").Earlier(now, "COALESCE((SELECT fs.stale_after_hours FROM stages fs WHERE "+scope.Same("fs", a)+
				" AND fs.id = "+a+".stage_id), (SELECT fp.stale_after_hours FROM pipelines fp WHERE "+scope.Same("fp", a)+" AND fp.id = "+a+".pipeline_id), ?)", hours)
		}, func(r *row.Record) bool {
			var stage, pipeline *int
			if r.Stage != nil {
				stage = r.Stage.StaleAfterHours
			}
			if r.Pipeline != nil {
				pipeline = r.Pipeline.StaleAfterHours
			}
			return r.StaleAt(now, stage, pipeline, hours)
		}, depends}})
	})
}
