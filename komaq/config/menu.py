def frame(http):
    return {}
