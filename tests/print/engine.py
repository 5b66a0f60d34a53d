def check_all(folder):
    pass
