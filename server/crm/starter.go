package crm

import "github.com/rapidbott/tideboard/server/template"

// insertStarter makes the board that a workspace begins with, so that whoever logs in first finds one.
func (tx *Tx) insertStarter() error {
	live, err := tx.arrange()
	if err != nil {
		return err
	}
	p, stages := ofTemplate(template.Get(template.Starter))
	_, _, err = tx.makePipeline(p, stages, live)
	return err
}
