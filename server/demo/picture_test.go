package demo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/demo"
)

// picture is all of a workspace that does not depend on ids: boards in their order, people, tasks, log.
func picture(t *testing.T, a *app.App) map[string]any {
	return map[string]any{
		"board": texts(t, a, `SELECT s.name || '/' || r.title || '/' || r.number || '/' || COALESCE(r.value, -1) || r.currency || '/' || r.priority || '/' ||
			COALESCE(m.email, '') || '/' || COALESCE(r.contact_name, '') || '/' || COALESCE(r.expected_close_date, '') || '/' || r.probability || '/' || COALESCE(r.lost_reason, '')
			FROM records r JOIN stages s ON s.id = r.stage_id JOIN pipelines p ON p.id = r.pipeline_id LEFT JOIN members m ON m.id = r.owner_id
			ORDER BY p.position, s.position, r.rank`),
		"contacts": texts(t, a, `SELECT number || first_name || last_name || COALESCE(company_name, '') || source FROM contacts ORDER BY number`),
		"emails":   lists(t, a, "SELECT emails FROM contacts ORDER BY number"),
		"phones":   lists(t, a, "SELECT phones FROM contacts ORDER BY number"),
		"tasks":    texts(t, a, `SELECT number || title || status || priority FROM tasks ORDER BY number`),
		"log":      texts(t, a, `SELECT revision || '.' || ordinal || ' ' || kind || ' ' || source FROM changes ORDER BY revision, ordinal`),
		"instants": times(t, a, "SELECT at FROM changes ORDER BY revision, ordinal"),
		"entries":  times(t, a, "SELECT stage_entered_at FROM records ORDER BY number"),
	}
}

func looksLivedIn(t *testing.T, a *app.App, f demo.File) {
	n := func(query string, args ...any) int { return numberOf(t, a, query, args...) }
	between := func(low, high, got int, what string) {
		t.Helper()
		require.True(t, low <= got && got <= high, "%s: %d", what, got)
	}
	require.Equal(t, 400, n("SELECT count(*) FROM contacts"))
	require.Equal(t, 600, n("SELECT count(*) FROM records"))
	require.Equal(t, 600, n("SELECT count(DISTINCT title) FROM records"))
	require.Equal(t, 80, n("SELECT count(*) FROM tasks"))
	require.Equal(t, n("SELECT revision FROM workspaces"), n("SELECT count(DISTINCT revision) FROM changes"))

	var names []string
	for _, p := range f.Pipelines {
		names = append(names, p.Name)
		require.Greater(t, n("SELECT count(DISTINCT currency) FROM records WHERE value IS NOT NULL AND pipeline_id = $1", p.ID), 2)
		require.Positive(t, n("SELECT count(*) FROM records WHERE value IS NULL AND pipeline_id = $1", p.ID))
		for _, s := range p.Stages {
			between(5, 150, n("SELECT count(*) FROM records WHERE stage_id = $1", s.ID), p.Name+" "+s.Name)
			require.Zero(t, n("SELECT count(*) FROM records WHERE stage_id = $1 AND status <> $2", s.ID, s.Kind))
		}
	}
	require.Equal(t, []string{"Sales Pipeline", "Customer Support", "Recruitment"}, names)
	require.Equal(t, []int{6, 7, 9}, []int{len(f.Pipelines[0].Stages), len(f.Pipelines[1].Stages), len(f.Pipelines[2].Stages)})
	require.Equal(t, 1, n("SELECT count(*) FROM pipelines WHERE is_default AND record_type = 'DEAL'"))
	require.Zero(t, n("SELECT count(*) FROM pipelines WHERE description LIKE '%loaded%'"))

	today := anchor.Format(time.DateOnly)
	between(20, 150, n("SELECT count(*) FROM records WHERE status = 'OPEN' AND expected_close_date < $1", today), "overdue records")
	between(100, 400, n("SELECT count(*) FROM records WHERE status = 'OPEN' AND expected_close_date >= $1", today), "records due later")
	between(60, 180, n("SELECT count(*) FROM records WHERE owner_id IS NULL"), "unassigned")
	require.Equal(t, []string{"OWNER", "ADMIN", "AGENT", "AGENT"}, []string{f.Members[0].Role, f.Members[1].Role, f.Members[2].Role, f.Members[3].Role})
	require.Equal(t, "Chloe Lindqvist", f.Members[3].Name)
	require.Equal(t, []bool{true, true, true, false}, []bool{f.Members[0].SeesAll, f.Members[1].SeesAll, f.Members[2].SeesAll, f.Members[3].SeesAll})
	between(31, 200, n("SELECT count(*) FROM records WHERE owner_id = $1", f.Members[3].ID), "Chloe's")
	between(20, 40, n("SELECT count(*) FROM tasks WHERE status = 'DONE'"), "done tasks")
	between(8, 30, n("SELECT count(*) FROM tasks WHERE status = 'OPEN' AND due_at < $1", anchor.Add(-24*time.Hour)), "overdue tasks")
	between(10, 50, n("SELECT count(*) FROM tasks WHERE due_all_day"), "all-day tasks")
	between(50, 75, n("SELECT count(*) FROM tasks WHERE record_id IS NOT NULL"), "tasks on records")
	for _, name := range []string{"description", "channel", "chat_url", "source_detail", "contact_id", "lost_reason"} {
		between(40, 599, n("SELECT count(*) FROM records WHERE "+name+" IS NOT NULL"), name)
	}
	between(200, 590, n("SELECT count(*) FROM records WHERE tag_keys <> ''"), "tagged")
	require.Equal(t, 4, n("SELECT count(DISTINCT priority) FROM records"))
}

func pastInOrder(t *testing.T, a *app.App) {
	n := func(query string, args ...any) int { return numberOf(t, a, query, args...) }
	require.Zero(t, n(`SELECT count(*) FROM changes b JOIN changes a ON a.workspace_id = b.workspace_id AND a.revision = b.revision + 1 WHERE a.at <= b.at`))
	require.Zero(t, n("SELECT count(*) FROM changes WHERE at < $1 OR at > $2", anchor.AddDate(0, 0, -120), anchor))
	require.Zero(t, n("SELECT count(*) FROM records WHERE stage_entered_at < created_at OR last_activity_at < stage_entered_at"))
	require.Positive(t, n("SELECT count(*) FROM records WHERE stage_entered_at > created_at"))
	require.Positive(t, n("SELECT count(*) FROM records WHERE status = 'OPEN' AND last_activity_at < $1", anchor.Add(-72*time.Hour)))
	require.Positive(t, n("SELECT count(*) FROM records WHERE last_activity_at > $1", anchor.Add(-24*time.Hour)))
	require.Positive(t, n("SELECT count(*) FROM records WHERE created_at < $1", anchor.AddDate(0, 0, -100)))
}

func addressesAreExamples(t *testing.T, a *app.App) {
	written := texts(t, a, "SELECT contact_email FROM records WHERE contact_email IS NOT NULL")
	for _, l := range lists(t, a, "SELECT emails FROM contacts") {
		written = append(written, l...)
	}
	for _, w := range written {
		require.Regexp(t, `^[a-z0-9.-]+@example\.(com|org|net)$`, w)
	}
	phones := 0
	for _, l := range lists(t, a, "SELECT phones FROM contacts") {
		for _, p := range l {
			phones++
			canonical, err := crm.Phone(p, "DE")
			require.NoError(t, err)
			require.Equal(t, canonical, p)
		}
	}
	require.Greater(t, len(written), 700)
	require.Greater(t, phones, 250)
}
