package demo

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// resume finds out where a loading stopped: a step is a commit, so the workspace's revision says how many were done,
// and running numbers say which row is which. Anything else there than those steps made is refused.
func (l *loader) resume(ctx context.Context, client *ent.Client, w *ent.Workspace, p *plan) error {
	ctx = viewer.NewContext(ctx, viewer.ForSystem(w.ID))
	l.enter(changelog.Row[row.Workspace](w))
	l.revision = row.Revision(w.Revision)
	members, err := client.Member.Query().Order(member.ByCreatedAt(), member.ByID()).IDs(ctx)
	if err != nil {
		return err
	}
	pipelines, err := client.Pipeline.Query().Order(pipeline.ByPosition()).IDs(ctx)
	if err != nil {
		return err
	}
	for _, id := range pipelines {
		stages, err := client.Stage.Query().Where(stage.PipelineID(id)).Order(stage.ByPosition()).IDs(ctx)
		if err != nil {
			return err
		}
		l.pipelines, l.stages = append(l.pipelines, id), append(l.stages, stages)
	}
	if l.contacts, err = client.Contact.Query().Order(contact.ByNumber()).IDs(ctx); err != nil {
		return err
	}
	if l.records, err = client.Record.Query().Order(record.ByNumber()).IDs(ctx); err != nil {
		return err
	}
	if l.tasks, err = client.Task.Query().Order(task.ByNumber()).IDs(ctx); err != nil {
		return err
	}
	done := int(l.revision) - 1
	if done < 0 || done > len(p.steps) {
		return errTouched
	}
	made := map[string]int{aMember: 1}
	for _, s := range p.steps[:done] {
		made[s.makes]++
	}
	for kind, there := range map[string]int{aMember: len(members), aPipeline: len(pipelines), aContact: len(l.contacts),
		aRecord: len(l.records), aTask: len(l.tasks)} {
		if made[kind] != there {
			return errTouched
		}
	}
	for _, id := range members {
		l.join(id)
	}
	return nil
}
