package servertest

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

const changeFields = `clientMutationId changes { kind entity entityId changed }`

type commit struct {
	ClientMutationID *string
	Changes          []struct {
		Kind, Entity, EntityID string
		Changed                []string
	}
}

// marked tells whether a commit was made by the runner itself.
func marked(mark *string) bool { return mark != nil && strings.HasPrefix(*mark, "mark-") }

// changes compares the rows of the log since it was last asked.
func (s *scenario) changes() {
	s.TB.Helper()
	type page struct {
		Changes struct {
			Revision    string
			HasNextPage bool
			Commits     []commit
		}
	}
	var lines []string
	for {
		p := Must[page](s, &s.world.Owner.Client, fmt.Sprintf(`{ changes(after: "%d", first: 200) { revision hasNextPage commits { %s } } }`,
			s.mark, changeFields), nil)
		for _, c := range p.Changes.Commits {
			if !marked(c.ClientMutationID) {
				lines = append(lines, s.rows(c)...)
			}
		}
		r, err := strconv.ParseInt(p.Changes.Revision, 10, 64)
		check(s, err)
		s.mark = row.Revision(r)
		if !p.Changes.HasNextPage {
			break
		}
	}
	if s.step.arg != "" {
		s.same(lines, strings.TrimPrefix(s.step.arg, "none"))
	}
}

func (s *scenario) rows(c commit) (lines []string) {
	for _, ch := range c.Changes {
		line := ch.Kind + " " + ch.EntityID
		if !strings.HasSuffix(ch.Kind, ".created") {
			line += fields(ch.Changed)
		}
		lines = append(lines, line)
	}
	return lines
}

// bookkeeping changes with every write.
var bookkeeping = []string{"version", "updated_at", "updated_by", "updatedAt", "updatedBy"}

// fields lists changed fields but for bookkeeping, and for a rank that goes with a stage: whether it differs is chance.
func fields(changed []string) string {
	moved := slices.Contains(changed, "stage_id") || slices.Contains(changed, "stageId")
	out := slices.DeleteFunc(slices.Clone(changed), func(f string) bool {
		return slices.Contains(bookkeeping, f) || (moved && f == "rank")
	})
	sort.Strings(out)
	return strings.TrimRight(" "+strings.Join(out, " "), " ")
}

// same compares lines, names standing for ids; wherever the script writes * at the end of a line, anything may follow.
func (s *scenario) same(got []string, want string) {
	s.TB.Helper()
	lines := []string{}
	if want = strings.TrimSpace(want); want != "" {
		lines = strings.Split(want, "\n")
	}
	ok := len(got) == len(lines)
	for i := range got {
		got[i] = s.named(got[i])
		if ok {
			begin, open := strings.CutSuffix(lines[i], "*")
			ok = got[i] == lines[i] || (open && strings.HasPrefix(got[i], begin))
		}
	}
	if !ok {
		s.Fatalf("it is\n  %s", strings.Join(got, "\n  "))
	}
}

func (s *scenario) sql(words []string) {
	s.TB.Helper()
	most, err := strconv.Atoi(words[len(words)-1])
	check(s, err)
	if len(s.statements) > most || (words[0] == "==" && len(s.statements) != most) {
		s.Fatalf("%d statements:\n  %s", len(s.statements), strings.Join(s.statements, "\n  "))
	}
}

// trim forgets all but the newest changes.
func (s *scenario) trim(n string) {
	s.TB.Helper()
	keep, err := strconv.Atoi(n)
	check(s, err)
	_, err = changelog.Trim(context.Background(), s.world.DB, changelog.Retention{Age: 1000 * time.Hour, Changes: keep}, time.Now())
	check(s, err)
}
