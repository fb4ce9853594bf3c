package install_test

import (
	"testing"
	"testing/fstest"

	"formwork/engine/install"
	"formwork/engine/store/storetest"
	"formwork/schemas/problem"
)

func TestTheGalleryTellsWhatATemplateBrings(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	in, err := install.Open(t.Context(), install.Options{Store: storetest.NewMemory(), FS: fstest.MapFS{
		"garden/template.json":          file(`{"kind":"template","key":"garden","title":"Garden","version":"1.0.0","apps":["beds"]}`),
		"garden/apps/beds/app.json":     file(`{"kind":"app","key":"beds","title":{"en":"Beds","zh-CN":"苗床"},"icon":"sprout"}`),
		"garden/apps/beds/forms/a.json": file(`{"kind":"form","key":"a","title":"Plant","schema":{"type":"object","properties":{}}}`),
		"garden/apps/beds/views/v.json": file(`{"kind":"view","key":"v","form":"a"}`),
		"garden/pictures/1-list.png":    file("png"), "garden/pictures/notes.txt": file("no"), "garden/pictures/x.svg": file("<script>"),
		"secret.png": file("no"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := in.List(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	g := list[0]
	if g.Forms != 1 || len(g.Contents) != 1 || g.Contents[0].Title["zh-CN"] != "苗床" || g.Contents[0].Icon != "sprout" || g.Contents[0].Forms[0][""] != "Plant" ||
		g.Contents[0].Counts["view"] != 1 || len(g.Pictures) != 1 || g.Pictures[0] != "1-list.png" {
		t.Errorf("%+v", g)
	}
	if b, kind, err := in.Picture("garden", "1-list.png"); err != nil || string(b) != "png" || kind != "image/png" {
		t.Errorf("%s %s %v", b, kind, err)
	}
	for _, of := range [][2]string{{"garden", "x.svg"}, {"garden", "../template.json"}, {"garden", "../../secret.png"}, {"garden", "2.png"}, {"desert", "1.png"}, {"..", "secret.png"}} {
		if _, _, err := in.Picture(of[0], of[1]); problem.KindOf(err) != problem.NotFound {
			t.Errorf("%v: %v", of, err)
		}
	}
}
