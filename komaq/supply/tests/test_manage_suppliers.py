def test_list(sign_in, nico, ferreycorp, tracto, paula):
    page = sign_in(nico).get("/app/proveedores/")
    assert page.status_code == 200
    assert [each.short_name for each in page.context["page"].items] == ["Ferrey Repuestos", "Tracto Parts Inc."]
